import { inTime } from '../../src/domain/in-time.ts';
import type { Inbox, Standing } from '../../src/domain/ports/chat-platform.ts';
import { unescapeText } from './mrkdwn.ts';

/** The fields of Slack's message events that Reign reads. */
export type SlackEvent = {
  type: string;
  subtype?: string;
  channel: string;
  channel_type?: string;
  user?: string;
  user_team?: string;
  source_team?: string;
  bot_id?: string;
  text?: string;
  ts: string;
  thread_ts?: string;
  edited?: { ts: string };
  deleted_ts?: string;
  message?: SlackEvent;
  previous_message?: SlackEvent;
};

export type Around = {
  inbox: Inbox;
  team: string;
  botUser: string | undefined;
  standing: (user: string, team?: string) => Promise<Standing>;
};

/** Subtypes that are a person speaking; everything else is Slack telling of something. */
const spoken: ReadonlySet<string | undefined> = new Set([
  undefined,
  'file_share',
  'thread_broadcast',
  'me_message',
]);

/** Takes a message event. Bots, Reign itself among them, are not listened to. */
export async function takeEvent(around: Around, event: SlackEvent): Promise<void> {
  if (event.subtype === 'message_changed') return takeEdit(around, event);
  if (event.subtype === 'message_deleted') return takeDeletion(around, event);
  const user = humanOf(around, event);
  if (user === undefined || !spoken.has(event.subtype)) return;
  const { channel, ts } = event;
  await around.inbox.message({
    from: { platform: 'slack', team: around.team, user },
    standing: await inTime(around.standing(user, event.user_team ?? event.source_team)),
    at: threadOf(around, channel, event),
    id: ts,
    text: unescapeText(event.text ?? '', around.botUser),
    addressed: addressedIn(around, event),
  });
}

async function takeEdit(
  around: Around,
  { channel, channel_type, message, previous_message }: SlackEvent,
): Promise<void> {
  const user = message && humanOf(around, message);
  // Slack also tells so of links that it has unfolded.
  if (!message?.edited || user === undefined || message.text === previous_message?.text) return;
  await around.inbox.changed({
    from: { platform: 'slack', team: around.team, user },
    standing: 'member',
    at: threadOf(around, channel, message),
    id: message.ts,
    text: unescapeText(message.text ?? '', around.botUser),
    version: message.edited.ts,
    addressed: addressedIn(around, { ...message, channel, ...(channel_type ? { channel_type } : {}) }),
  });
}

async function takeDeletion(
  around: Around,
  { channel, deleted_ts, previous_message }: SlackEvent,
): Promise<void> {
  const user = previous_message && humanOf(around, previous_message);
  if (!previous_message || user === undefined) return;
  await around.inbox.changed({
    from: { platform: 'slack', team: around.team, user },
    standing: 'member',
    at: threadOf(around, channel, previous_message),
    id: deleted_ts ?? previous_message.ts,
    version: 'deleted',
    addressed: 'none',
  });
}

function humanOf({ botUser }: Around, { user, bot_id, subtype }: SlackEvent): string | undefined {
  return bot_id !== undefined || subtype === 'bot_message' || user === botUser || user === 'USLACKBOT'
    ? undefined
    : user;
}

/** A thread is a conversation; a message outside of one begins its own. */
function threadOf({ team }: Around, channel: string, { ts, thread_ts }: SlackEvent) {
  return { platform: 'slack', team, channel, thread: thread_ts ?? ts };
}

function addressedIn({ botUser }: Around, { type, channel_type, text = '' }: SlackEvent) {
  if (type === 'app_mention' || (botUser !== undefined && text.includes(`<@${botUser}`))) return 'mention';
  return channel_type === 'im' ? 'direct' : 'none';
}

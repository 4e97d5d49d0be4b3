import type { Chart } from '../../src/domain/chart.ts';
import type {
  ChatPlatform,
  DrawPicture,
  Post,
  Posted,
  ThreadAddress,
} from '../../src/domain/ports/chat-platform.ts';
import { clip } from '../../src/domain/text.ts';
import { chatError, createPacer, type WebClient } from './client.ts';
import { longContent, renderPost } from './render.ts';

/** How a post is found again after a crash: what Slack keeps with the message, and shows nobody. */
const marker = 'reign_entry';
/** How long it is believed whether a channel is shared with others, in milliseconds. */
const believedMs = 60_000;

type State = { ok: boolean; says: string };

/** Posting to Slack, one message a second in a channel. Throws ChatError. */
export function createPosts(
  client: WebClient,
  state: State,
  team: () => string,
  draw?: DrawPicture,
): Pick<ChatPlatform, 'put' | 'putPrivate' | 'find' | 'groupMembers' | 'external'> {
  const turn = createPacer();
  const open = directChannels(client);
  const shared = new Map<string, { external: boolean; until: number }>();
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      if (team() !== '') state.ok = true;
      return result;
    } catch (error) {
      const fault = chatError(error);
      if (fault.kind === 'revoked' || fault.kind === 'unavailable')
        Object.assign(state, { ok: false, says: fault.message });
      throw fault;
    }
  };
  return {
    put: (at, _reference, post, existing) =>
      call(async () => {
        const channel = existing?.channel ?? (await open(at.channel));
        await turn(channel);
        const message = { ...renderPost(post, new Date()), metadata: metadataOf(post), ...quietly };
        if (existing) {
          await client.chat.update({ ...message, channel, ts: existing.message } as never);
          // "Looking at it…" has become an answer; answers are final.
          await attach(client, at, existing, filesBeside(post, draw));
          return existing;
        }
        const answer = await client.chat.postMessage({ ...message, channel, ...inThread(at) } as never);
        const posted = { channel: answer.channel ?? channel, message: answer.ts ?? '' };
        await attach(client, at, posted, filesBeside(post, draw));
        return posted;
      }),
    putPrivate: (at, _reference, user, post) =>
      call(async () => {
        const channel = await open(at.channel);
        await turn(channel);
        const message = renderPost(post, new Date());
        const answer = await client.chat.postEphemeral({
          ...message,
          channel,
          user,
          ...inThread(at),
        } as never);
        return { channel, message: answer.message_ts ?? '' };
      }),
    find: (at, key) => call(() => findPost(client, at, key, open)),
    groupMembers: ({ id }) =>
      call(async () => (await client.usergroups.users.list({ usergroup: id })).users ?? []),
    external: (at) =>
      call(async () => {
        if (at.channel.startsWith('@')) return false;
        const known = shared.get(at.channel);
        if (known && known.until > Date.now()) return known.external;
        const { channel } = await client.conversations.info({ channel: at.channel });
        const external = channel?.is_ext_shared === true || channel?.is_pending_ext_shared === true;
        if (shared.size > 10_000) shared.clear();
        shared.set(at.channel, { external, until: Date.now() + believedMs });
        return external;
      }),
  };
}

const quietly = { unfurl_links: false, unfurl_media: false };

function metadataOf({ key }: Post) {
  return { event_type: marker, event_payload: { key } };
}

function inThread({ thread }: ThreadAddress): { thread_ts?: string } {
  return thread === '' ? {} : { thread_ts: thread };
}

type File = { filename: string; title: string; alt_text?: string } & ({ content: string } | { file: Buffer });

/** What is too long for a message, and the picture of a chart. */
function filesBeside({ body }: Post, draw: DrawPicture | undefined): File[] {
  const content = longContent(body);
  const files: File[] =
    content === undefined ? [] : [{ filename: 'output.txt', title: 'Full output', content }];
  const chart = body.kind === 'answer' && 'chart' in body.content ? body.content.chart : undefined;
  const file = chart && draw && pictureOf(chart, draw);
  return chart && file ? [...files, { filename: 'chart.png', ...namesOf(chart), file }] : files;
}

function namesOf({ title }: Chart): { title: string; alt_text: string } {
  return { title: clip(title, 200), alt_text: clip(`Chart: ${title}`, 900) };
}

/** Pixels; Slack shows pictures smaller, and larger at a click. */
const pictureWidth = 1200;

function pictureOf(chart: Chart, draw: DrawPicture): Buffer | undefined {
  try {
    return Buffer.from(draw(chart, pictureWidth));
  } catch {
    // The words of the answer say it all.
    return undefined;
  }
}

/** Files go beside the message; where that fails, the message links to all of it. */
async function attach(
  client: WebClient,
  at: ThreadAddress,
  posted: Posted,
  files: readonly File[],
): Promise<void> {
  if (at.thread === '') return;
  for (const file of files)
    await client
      .filesUploadV2({ ...file, channel_id: posted.channel, thread_ts: at.thread } as never)
      .catch(() => undefined);
}

/** The channel of a direct conversation, by whom it is with. */
function directChannels(client: WebClient): (channel: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (channel) => {
    if (!channel.startsWith('@')) return channel;
    const before = known.get(channel);
    if (before !== undefined) return before;
    const opened = await client.conversations.open({ users: channel.slice(1) });
    const id = opened.channel?.id ?? channel.slice(1);
    known.set(channel, id);
    return id;
  };
}

async function findPost(
  client: WebClient,
  at: ThreadAddress,
  key: string,
  open: (channel: string) => Promise<string>,
): Promise<Posted | undefined> {
  const channel = await open(at.channel);
  const all = { channel, include_all_metadata: true, limit: 200 };
  const { messages = [] } =
    at.thread === ''
      ? await client.conversations.history(all)
      : await client.conversations.replies({ ...all, ts: at.thread });
  const found = messages.find(({ metadata }) => {
    const payload = metadata?.event_payload as { key?: string } | undefined;
    return metadata?.event_type === marker && payload?.key === key;
  });
  return found?.ts === undefined ? undefined : { channel, message: found.ts };
}

import { type Activity, type ConversationReference, TurnContext } from 'botbuilder';
import type { Json } from '../../src/domain/json.ts';
import type {
  ChangedMessage,
  InboundMessage,
  Standing,
  ThreadAddress,
} from '../../src/domain/ports/chat-platform.ts';

/** What is needed to write into a conversation later on. */
export type Reference = {
  serviceUrl: string;
  conversation: string;
  tenant: string;
  personal: boolean;
  external: boolean;
};

/** The fields of Teams' channelData that Reign reads. */
type TeamsData = { tenant?: { id?: string }; eventType?: string; channel?: { type?: string } };

/** The sender, as the tenant's directory knows them; undefined for who has no directory id (other bots, web visitors). */
export function senderOf(activity: Activity): { platform: 'teams'; team: string; user: string } | undefined {
  const { aadObjectId } = activity.from ?? {};
  const role = (activity.from as { role?: string } | undefined)?.role;
  if (!aadObjectId || role === 'bot') return undefined;
  return { platform: 'teams', team: tenantOf(activity), user: aadObjectId };
}

export function tenantOf({ conversation, channelData }: Activity): string {
  return conversation.tenantId ?? (channelData as TeamsData | undefined)?.tenant?.id ?? '';
}

/** A thread of a channel, or the whole of a personal or group chat. */
export function threadOf(activity: Activity): ThreadAddress {
  const [channel = '', root = ''] = activity.conversation.id.split(';messageid=');
  const personal = activity.conversation.conversationType !== 'channel';
  return {
    platform: 'teams',
    team: tenantOf(activity),
    channel,
    thread: personal ? '' : root || (activity.id ?? ''),
  };
}

export function referenceOf(activity: Activity): Reference {
  const { channel, thread } = threadOf(activity);
  return {
    serviceUrl: activity.serviceUrl,
    conversation: thread === '' ? channel : `${channel};messageid=${thread}`,
    tenant: tenantOf(activity),
    personal: activity.conversation.conversationType === 'personal',
    external: (activity.channelData as TeamsData | undefined)?.channel?.type === 'shared',
  };
}

/** A message activity as the inbox takes it. In a channel or group, only a mention is said to Reign. */
export function messageOf(activity: Activity, standing: Standing): InboundMessage | undefined {
  const from = senderOf(activity);
  if (!from) return undefined;
  return {
    from,
    standing,
    at: threadOf(activity),
    id: activity.id ?? '',
    text: textOf(activity),
    addressed: addressedIn(activity),
    reference: referenceOf(activity) as unknown as Json,
  };
}

/** An edit or a deletion; undefined for what only looks like one. */
export function changeOf(activity: Activity): ChangedMessage | undefined {
  const from = senderOf(activity);
  if (!from) return undefined;
  const deleted = activity.type === 'messageDelete';
  return {
    from,
    standing: 'member',
    at: threadOf(activity),
    id: activity.id ?? '',
    version: deleted ? 'deleted' : String(activity.timestamp ?? activity.localTimestamp ?? ''),
    addressed: addressedIn(activity),
    ...(deleted ? {} : { text: textOf(activity) }),
  };
}

function addressedIn(activity: Activity): InboundMessage['addressed'] {
  if (activity.conversation.conversationType === 'personal') return 'direct';
  const mentioned = TurnContext.getMentions(activity).some(
    ({ mentioned }) => mentioned.id === activity.recipient?.id,
  );
  return mentioned ? 'mention' : 'none';
}

function textOf(activity: Activity): string {
  const copy = { ...activity };
  return (TurnContext.removeRecipientMention(copy) ?? activity.text ?? '')
    .replace(/<at>[^<]*<\/at>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

/** `/status`, `/approve p-abc2345`: only with the slash is it a command, and a sentence never is. */
export function commandOf(text: string): string | undefined {
  const [, words] = /^\/(?:reign\s+)?([a-z].*)$/s.exec(text) ?? [];
  return words;
}

/** The Bot Framework's own form of a reference. */
export function toConversation(
  { serviceUrl, conversation, tenant, personal }: Reference,
  botId: string,
): Partial<ConversationReference> {
  return {
    serviceUrl,
    channelId: 'msteams',
    bot: { id: botId, name: 'Reign' },
    conversation: {
      id: conversation,
      tenantId: tenant,
      conversationType: personal ? 'personal' : 'channel',
      isGroup: !personal,
      name: '',
    },
  };
}

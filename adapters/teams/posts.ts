import type { TurnContext } from 'botbuilder';
import type { Json } from '../../src/domain/json.ts';
import {
  ChatError,
  type ChatPlatform,
  type DrawPicture,
  type Post,
  type Posted,
  type ThreadAddress,
} from '../../src/domain/ports/chat-platform.ts';
import type { Bot } from './bot.ts';
import { createConversations, usualService, type Where } from './conversations.ts';
import type { Reference } from './inbound.ts';
import { renderPost } from './render.ts';
import { toActivity } from './tell.ts';

type State = { ok: boolean; says: string };

/** Posting to Teams. Throws ChatError. A bot cannot look for its own posts there: after a crash one may be doubled. */
export function createPosts(
  bot: Bot,
  where: Where,
  state: State,
  draw?: DrawPicture,
): Pick<ChatPlatform, 'put' | 'putPrivate' | 'find' | 'external'> {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      Object.assign(state, { ok: true, says: 'connected' });
      return result;
    } catch (error) {
      const fault = chatError(error);
      if (fault.kind === 'revoked' || fault.kind === 'unavailable')
        Object.assign(state, { ok: false, says: fault.message });
      throw fault;
    }
  };
  const { within, directly, newThread } = createConversations(bot, where);
  const post = async (context: TurnContext, entry: Post, existing?: Posted): Promise<Posted> => {
    const activity = toActivity(renderPost(entry, new Date(), draw));
    if (existing) {
      await context.updateActivity({ ...activity, id: existing.message });
      return existing;
    }
    const answer = await context.sendActivity(activity);
    const [channel = ''] = context.activity.conversation.id.split(';messageid=');
    return { channel, message: answer?.id ?? '' };
  };
  const toChannel = (at: ThreadAddress, reference: Json | undefined, entry: Post, existing?: Posted) => {
    const known = reference as unknown as Reference | undefined;
    if (!known && at.thread === '' && !existing)
      return newThread(at.team, at.channel, toActivity(renderPost(entry, new Date(), draw)));
    const root = at.thread === '' ? (existing?.message ?? '') : at.thread;
    const rest = { tenant: at.team, personal: false, external: false };
    const conversation = `${at.channel};messageid=${root}`;
    const named = { serviceUrl: where.serviceUrl ?? usualService, conversation, ...rest };
    return within(known ?? named, (context) => post(context, entry, existing));
  };
  return {
    put: (at, reference, entry, existing) =>
      call(() => {
        if (!at.channel.startsWith('@')) return toChannel(at, reference, entry, existing);
        if (!existing) return directly(at.team, at.channel.slice(1), (context) => post(context, entry));
        const known = {
          serviceUrl: where.serviceUrl ?? usualService,
          conversation: existing.channel,
          tenant: at.team,
        };
        return within({ ...known, personal: true, external: false }, (context) =>
          post(context, entry, existing),
        );
      }),
    putPrivate: (at, _reference, user, entry) =>
      call(() => directly(at.team, user, (context) => post(context, entry))),
    find: async () => undefined,
    external: async (_at, reference) => (reference as Reference | undefined)?.external === true,
  };
}

/** Turns what the connector throws into what the outbox knows. */
export function chatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const { statusCode, message, response } = error as {
    statusCode?: number;
    message?: string;
    response?: { headers?: { get(name: string): string | undefined } };
  };
  const words = `Teams: ${message ?? String(error)}`;
  if (statusCode === 429) {
    const after = Number(response?.headers?.get('retry-after') ?? 10);
    return new ChatError('rate-limited', words, Number.isFinite(after) ? after : 10);
  }
  if (statusCode === 401 || statusCode === 403) return new ChatError('revoked', words, 60);
  if (statusCode === 404) return new ChatError('gone', words);
  if (statusCode === 400 || statusCode === 413) return new ChatError('rejected', words);
  return new ChatError('unavailable', words);
}

import type { Activity, TurnContext } from 'botbuilder';
import { ChatError, type Posted } from '../../src/domain/ports/chat-platform.ts';
import type { Bot } from './bot.ts';
import { type Reference, toConversation } from './inbound.ts';

/** What the platform has told of itself, needed to write first. */
export type Where = { appId: string; serviceUrl: string | undefined; botId: string };

/** Where Teams is, as long as no activity has said so. */
export const usualService = 'https://smba.trafficmanager.net/teams/';
const audience = 'https://api.botframework.com';

/** Ways to write without having been asked in this moment. */
export function createConversations(bot: Bot, where: Where) {
  const begin = async <T>(about: object, work: (context: TurnContext) => Promise<T>): Promise<T> => {
    const { keep, take } = holder<T>();
    const parameters = { ...about, bot: { id: where.botId, name: 'Reign' } };
    const service = where.serviceUrl ?? usualService;
    await bot.createConversationAsync(
      where.appId,
      'msteams',
      service,
      audience,
      parameters as never,
      async (context) => keep(await work(context)),
    );
    return take();
  };
  return {
    /** In a conversation that Teams has told of. */
    async within<T>(reference: Reference, work: (context: TurnContext) => Promise<T>): Promise<T> {
      const { keep, take } = holder<T>();
      const conversation = toConversation(reference, where.botId);
      await bot.continueConversationAsync(where.appId, conversation, async (context) =>
        keep(await work(context)),
      );
      return take();
    },
    /** To one person, in the chat between them and the bot. */
    directly<T>(tenant: string, user: string, work: (context: TurnContext) => Promise<T>): Promise<T> {
      const members = [{ id: user, name: '', aadObjectId: user }];
      return begin(
        { isGroup: false, members, tenantId: tenant, channelData: { tenant: { id: tenant } } },
        work,
      );
    },
    /** As the first message of a new thread in a channel. */
    newThread(tenant: string, channel: string, activity: Partial<Activity>): Promise<Posted> {
      const channelData = { channel: { id: channel }, tenant: { id: tenant } };
      return begin({ isGroup: true, tenantId: tenant, channelData, activity }, async (context) => {
        const [, message = ''] = context.activity.conversation.id.split(';messageid=');
        return { channel, message };
      });
    },
  };
}

/** Brings a value out of a callback. */
function holder<T>() {
  let held: { value: T } | undefined;
  return {
    keep: (value: T) => {
      held = { value };
    },
    take: (): T => {
      if (!held) throw new ChatError('unavailable', 'Teams took the message and said nothing.');
      return held.value;
    },
  };
}

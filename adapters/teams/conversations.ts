import type { TurnContext } from 'botbuilder';
import { ChatError } from '../../src/domain/ports/chat-platform.ts';
import type { Bot } from './bot.ts';
import { type Reference, toConversation } from './inbound.ts';

/** What the platform has told of itself, needed to write first. */
export type Where = { appId: string; serviceUrl: string | undefined; botId: string };

/** Where Teams is, as long as no activity has said so. */
export const usualService = 'https://smba.trafficmanager.net/teams/';
const audience = 'https://api.botframework.com';

/** Ways to write without having been asked in this moment. */
export function createConversations(bot: Bot, where: Where) {
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
    async directly<T>(tenant: string, user: string, work: (context: TurnContext) => Promise<T>): Promise<T> {
      const { keep, take } = holder<T>();
      const parameters = {
        isGroup: false,
        bot: { id: where.botId, name: 'Reign' },
        members: [{ id: user, name: '', aadObjectId: user }],
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      };
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

import { ActivityTypes, type TurnContext } from 'botbuilder';
import { inTime } from '../../src/domain/in-time.ts';
import type { ChatPlatform, DrawPicture, Inbox } from '../../src/domain/ports/chat-platform.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { Bot, type BotOptions } from './bot.ts';
import { type Around, hearInvoke } from './clicks.ts';
import type { Where } from './conversations.ts';
import { createGroups } from './groups.ts';
import { changeOf, commandOf, messageOf } from './inbound.ts';
import { createPeople } from './people.ts';
import { createPosts } from './posts.ts';
import { tellAlone } from './tell.ts';

export type TeamsOptions = BotOptions & {
  /** Another address of Microsoft Graph. */
  graphUrl?: string;
  planUrl: (planId: string) => string;
  /** Absent where no pictures can be drawn. */
  drawPicture?: DrawPicture | undefined;
  logger: Logger;
};

/** Microsoft Teams, on the Bot Framework: everything of its SDK stays in this folder. */
export function createTeams(options: TeamsOptions): ChatPlatform {
  const { appId = '', logger, planUrl } = options;
  const bot = new Bot(options);
  const where: Where = { appId, serviceUrl: undefined, botId: appId === '' ? 'reign' : `28:${appId}` };
  const state = {
    ok: true,
    says: appId === '' ? 'connected WITHOUT AUTHENTICATION, for a local emulator' : 'waits for messages',
  };
  const people = createPeople();
  const membersOf = createGroups(options);
  let inbox: Inbox | undefined;
  const turn = async (context: TurnContext): Promise<void> => {
    const { activity } = context;
    if (appId === '' && !isLoopback(activity.serviceUrl))
      throw new Error('Without authentication, only an emulator on this machine is answered.');
    where.serviceUrl = activity.serviceUrl;
    if (activity.recipient?.id) where.botId = activity.recipient.id;
    if (!inbox) throw new Error('Reign is stopping.');
    const around = { inbox, people, planUrl };
    if (activity.type === ActivityTypes.Invoke) return hearInvoke(context, around);
    const told = tellAlone(context, planUrl);
    await hear(context, around).catch(told);
  };
  bot.onTurnError = async (_context, error) => {
    logger.warn({ error: error.message }, 'a Teams activity could not be taken');
    throw error;
  };
  return {
    name: 'teams',
    webhooks: [{ path: '/api/messages', handle: (request) => bot.take(request, turn) }],
    state: () => state,
    ...createPosts(bot, where, state, options.drawPicture),
    groupMembers: ({ id }) => membersOf(id),
    start: async (given) => {
      inbox = given;
    },
    stop: async () => {
      inbox = undefined;
    },
  };
}

async function hear(context: TurnContext, { inbox, people, planUrl }: Around): Promise<void> {
  const { activity } = context;
  if (activity.type === ActivityTypes.MessageUpdate || activity.type === ActivityTypes.MessageDelete) {
    const change = changeOf(activity);
    if (change) await inbox.changed(change);
    return;
  }
  if (activity.type !== ActivityTypes.Message || activity.value !== undefined) return;
  const standing = await inTime(people(context));
  const message = messageOf(activity, standing);
  if (!message) return;
  const command = message.addressed === 'none' ? undefined : commandOf(message.text);
  if (command === undefined) return inbox.message(message);
  const reply = await inbox.command({ from: message.from, standing, at: message.at, text: command });
  await tellAlone(context, planUrl).say(reply.body);
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(URL.canParse(url) ? new URL(url).hostname : '');
}

import type { App } from '@slack/bolt';
import type { ChatBody } from '../../src/domain/chat.ts';
import { type ChatAct, readAct } from '../../src/domain/chat-act.ts';
import { FaultError, toFault } from '../../src/domain/fault.ts';
import type { Principal } from '../../src/domain/person.ts';
import { namesToType } from '../../src/domain/plan-words.ts';
import type { Standing } from '../../src/domain/ports/chat-platform.ts';
import type { SlackMessage } from './blocks.ts';
import type { WebClient } from './client.ts';
import { homeView, strangerView } from './home.ts';
import { type Around, type SlackEvent, takeEvent } from './inbound.ts';
import { decisionModal, detailsModal, modalId, readModal } from './modals.ts';
import { unescapeText } from './mrkdwn.ts';
import { renderPost } from './render.ts';

type Options = { planUrl: (planId: string) => string };

/** Hears everything that Slack tells the app. Each listener is done when what it heard is stored. */
export function listen(app: App, client: WebClient, around: Around, options: Options): void {
  const hear = async (event: SlackEvent) => {
    await takeEvent(around, event).catch(async (error: unknown) => {
      const { channel, user, ts, thread_ts } = event;
      // What may go better later is sent again by Slack; everything else is said once, to whoever wrote it.
      if (toFault(error).retry === 'later' || user === undefined) throw error;
      await tellAlone(client, { channel, user, thread: thread_ts ?? ts }, options.planUrl)(refusal(error));
    });
  };
  app.event('app_mention', ({ event }) => hear(event as unknown as SlackEvent));
  app.event('message', ({ event }) => hear(event as unknown as SlackEvent));
  hearHome(app, client, around, options);
  hearCommands(app, around, options);
  hearShortcuts(app, client, around, options);
  hearClicks(app, client, around, options);
  hearModals(app, client, around, options);
}

function hearHome(
  app: App,
  client: WebClient,
  { inbox, team, standing }: Around,
  { planUrl }: Options,
): void {
  app.event('app_home_opened', async ({ event }) => {
    const from = { platform: 'slack', team, user: event.user };
    const view = await standing(event.user)
      .then((known) => inbox.home(from, known))
      .then((home) => homeView(home, planUrl))
      .catch((error: unknown) => strangerView(toFault(error).message));
    // The Home is a view: it is drawn anew when it is opened again.
    await client.views.publish({ user_id: event.user, view: view as never }).catch(() => undefined);
  });
}

function hearCommands(app: App, { inbox, team, standing }: Around, { planUrl }: Options): void {
  app.command(/^\/reign/, async ({ command, ack }) => {
    const { user_id: user, channel_id: channel, text, team_id: of } = command;
    const body = await standing(user, of)
      .then((known) => {
        const from = { platform: 'slack', team, user };
        return inbox.command({
          from,
          standing: known,
          at: { platform: 'slack', team, channel, thread: '' },
          text,
        });
      })
      .then((reply) => reply.body)
      .catch(refusal);
    await ack({
      response_type: 'ephemeral',
      ...(aside(body, planUrl) as object),
    });
  });
}

type Shortcut = {
  type: string;
  message: { ts: string; thread_ts?: string; text?: string; user?: string; bot_id?: string };
  channel: { id: string };
  user: { id: string };
};

/** "Ask Reign about this": somebody hands in a message, whose writer becomes an author with them. */
function hearShortcuts(
  app: App,
  client: WebClient,
  { inbox, team, standing }: Around,
  { planUrl }: Options,
): void {
  app.shortcut('ask_reign', async ({ shortcut, ack }) => {
    const { type, message, channel, user } = shortcut as unknown as Shortcut;
    if (type !== 'message_action') return ack();
    const said = message.user !== undefined && message.bot_id === undefined && message.user !== user.id;
    const thread = message.thread_ts ?? message.ts;
    try {
      await inbox.message({
        from: { platform: 'slack', team, user: user.id },
        standing: await standing(user.id),
        at: { platform: 'slack', team, channel: channel.id, thread },
        id: `${message.ts}:asked-by-${user.id}`,
        text: unescapeText(message.text ?? '', undefined),
        addressed: 'mention',
        ...(said ? { alsoBy: [{ platform: 'slack', team, user: message.user ?? '' }] } : {}),
      });
    } catch (error) {
      await tellAlone(client, { channel: channel.id, user: user.id, thread }, planUrl)(refusal(error));
    }
    await ack();
  });
}

type ActionBody = {
  user: { id: string; team_id?: string };
  channel?: { id: string };
  container?: { channel_id?: string; message_ts?: string };
  message?: { ts: string; thread_ts?: string };
  trigger_id?: string;
};

function hearClicks(app: App, client: WebClient, around: Around, { planUrl }: Options): void {
  app.action(/^reign:/, async ({ action, body, ack }) => {
    await ack();
    const { user, channel, container, message, trigger_id } = body as unknown as ActionBody;
    const act = readAct((action as { value?: string }).value);
    // A button that only opens a page says nothing.
    if (!act) return;
    const on = {
      channel: channel?.id ?? container?.channel_id ?? '',
      message: message?.ts ?? container?.message_ts ?? '',
    };
    const who = { platform: 'slack', team: around.team, user: user.id };
    const tell = tellAlone(client, { ...on, user: user.id, thread: message?.thread_ts }, planUrl);
    try {
      const known = await around.standing(user.id, user.team_id).catch(cannotTell);
      const modal = trigger_id === undefined ? undefined : await modalFor(around, who, act, on, planUrl);
      if (modal) await client.views.open({ trigger_id: trigger_id as string, view: modal as never });
      else {
        const reply = await around.inbox.click({ from: who, standing: known, on, act });
        if (reply) await tell(reply.body);
      }
    } catch (error) {
      if (isOurs(error)) await tell(refusal(error));
      else throw error;
    }
  });
}

/** The modal that an act needs before it is one: a reason, the name of what is destroyed, or just to look. */
async function modalFor(
  { inbox }: Around,
  from: Principal,
  act: ChatAct,
  on: { channel: string; message: string },
  planUrl: Options['planUrl'],
): Promise<object | undefined> {
  if (act.do === 'details') return detailsModal(await inbox.plan(from, act.plan), planUrl);
  if (act.do !== 'decide') return undefined;
  const plan = await inbox.plan(from, act.plan);
  if (act.verdict === 'approve' && namesToType(plan).length === 0) return undefined;
  return decisionModal(plan, { act, on });
}

function hearModals(app: App, client: WebClient, around: Around, { planUrl }: Options): void {
  app.view(modalId, async ({ body, view, ack }) => {
    const read = readModal(view as never);
    if ('errors' in read) {
      await ack({ response_action: 'errors', errors: read.errors });
      return;
    }
    await ack();
    const { on } = read.state;
    const user = body.user.id;
    try {
      const standing = await around.standing(user).catch(cannotTell);
      await around.inbox.click({
        from: { platform: 'slack', team: around.team, user },
        standing,
        on,
        act: read.act,
      });
    } catch (error) {
      if (isOurs(error)) await tellAlone(client, { ...on, user, thread: undefined }, planUrl)(refusal(error));
      else throw error;
    }
  });
}

/** Whoever Slack cannot tell us about decides nothing. */
function cannotTell(): Standing {
  throw new FaultError(
    'unreachable',
    'Slack does not say who you are just now; nothing was decided. Try again.',
  );
}

function isOurs(error: unknown): boolean {
  return error instanceof FaultError;
}

function refusal(error: unknown): ChatBody {
  return { kind: 'refusal', text: toFault(error).message };
}

function tellAlone(
  client: WebClient,
  to: { channel: string; user: string; thread: string | undefined },
  planUrl: Options['planUrl'],
): (body: ChatBody) => Promise<void> {
  return async (body) => {
    const message = aside(body, planUrl);
    const thread = to.thread === undefined ? {} : { thread_ts: to.thread };
    const where = { channel: to.channel, user: to.user, ...thread };
    await client.chat.postEphemeral({ ...message, ...where } as never).catch(() => undefined);
  };
}

/** A message that is no post: nothing on it can be clicked, since no click on it could be told from a forged one. */
function aside(body: ChatBody, planUrl: Options['planUrl']): SlackMessage {
  const { text, blocks } = renderPost({ key: '', body, planUrl }, new Date());
  return { text, blocks: blocks.filter(({ type }) => type !== 'actions') };
}

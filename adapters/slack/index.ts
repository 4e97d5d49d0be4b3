import { setTimeout as delay } from 'node:timers/promises';
import { App, LogLevel, type Receiver, webApi } from '@slack/bolt';
import type { ChatPlatform, DrawPicture, Inbox, Webhook } from '../../src/domain/ports/chat-platform.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { chatError } from './client.ts';
import type { Around } from './inbound.ts';
import { listen } from './listen.ts';
import { createPeople } from './people.ts';
import { createPosts } from './posts.ts';
import { Both, Signed, Socket } from './receivers.ts';

export type SlackOptions = {
  botToken: string;
  /** With it, Socket Mode: no public address is needed. */
  appToken?: string;
  /** With it, events over HTTP at `/slack/events`. */
  signingSecret?: string;
  /** Another address of the Web API. */
  apiUrl?: string;
  planUrl: (planId: string) => string;
  /** Absent where no pictures can be drawn. */
  drawPicture?: DrawPicture | undefined;
  logger: Logger;
};

/** Between two attempts to reach Slack at the start, in milliseconds. */
const againMs = 2_000;

/** Slack, on Bolt. What it posts is what the outbox hands it; what it hears goes to the inbox before it is acknowledged. */
export function createSlack(options: SlackOptions): ChatPlatform {
  const { botToken, appToken, signingSecret, logger } = options;
  const signed = signingSecret === undefined ? undefined : new Signed(signingSecret);
  const receivers: Receiver[] = signed ? [signed] : [];
  if (appToken !== undefined) {
    const quick = { clientPingTimeout: 5000, logLevel: LogLevel.ERROR };
    receivers.push(new Socket({ appToken, ...quick, ...socketAddress(options) }));
  }
  const me = { team: '', botUser: '', botId: '' };
  const app = new App({
    receiver: new Both(receivers),
    authorize: async () => ({ botToken, botId: me.botId, botUserId: me.botUser, teamId: me.team }),
    clientOptions: clientOptions(options),
    logLevel: LogLevel.ERROR,
  });
  // An event that failed must not be acknowledged: Slack sends it again.
  app.error(async (error) => {
    logger.warn({ error: error.message }, 'a Slack event could not be taken');
    throw error;
  });
  const client = new webApi.WebClient(botToken, clientOptions(options));
  const state = { ok: false, says: 'connecting', stopped: false };
  const webhooks: Webhook[] = signed
    ? [{ path: '/slack/events', handle: (request) => signed.handle(request) }]
    : [];
  return {
    name: 'slack',
    webhooks,
    state: () => ({ ok: state.ok, says: state.says }),
    ...createPosts(client, state, () => me.team, options.drawPicture),
    async start(inbox: Inbox) {
      const connect = async () => {
        const found = await client.auth.test();
        Object.assign(me, {
          team: found.team_id ?? '',
          botUser: found.user_id ?? '',
          botId: found.bot_id ?? '',
        });
        const around: Around = {
          inbox,
          team: me.team,
          botUser: me.botUser,
          standing: createPeople(client, () => me.team),
        };
        listen(app, client, around, options);
        await app.start();
        Object.assign(state, {
          ok: true,
          says: `connected to ${found.team ?? me.team} as ${found.user ?? 'reign'}`,
        });
      };
      void keepTrying(connect, state, logger);
    },
    async stop() {
      state.stopped = true;
      await app.stop().catch(() => {});
    },
  };
}

/** Slack being away at the start stops nothing else: it is tried until it is there, or Reign stops. */
async function keepTrying(
  connect: () => Promise<void>,
  state: { ok: boolean; says: string; stopped: boolean },
  logger: Logger,
): Promise<void> {
  while (!state.stopped) {
    try {
      return await connect();
    } catch (error) {
      state.says = chatError(error).message;
      logger.warn({ error: state.says }, 'Slack could not be reached');
      await delay(againMs, undefined, { ref: false });
    }
  }
}

function clientOptions({ apiUrl }: SlackOptions): object {
  return {
    // The outbox repeats, and knows for how long; the client's own policy would go on for half an hour.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    logLevel: LogLevel.ERROR,
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
  };
}

function socketAddress(options: SlackOptions): object {
  return { installerOptions: { clientOptions: clientOptions(options) } };
}

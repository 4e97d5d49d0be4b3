import type pg from 'pg';
import { startDeliveries } from '../../jobs/deliveries.ts';
import { startNotices, type Timer } from '../../jobs/timers.ts';
import type { Config } from '../config/index.ts';
import type { ChatPlatform, Webhook } from '../domain/ports/chat-platform.ts';
import { createInbox } from '../engine/chat/inbox.ts';
import type { GatewayEngine } from '../engine/engine.ts';
import { createChatStore } from '../store/chat-store.ts';
import type { Changes } from './changes.ts';

export type Chat = {
  webhooks: readonly Webhook[];
  /** How each platform is, in words; `ok` where it works. */
  states(): Promise<Record<string, string>>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type ChatParts = {
  platforms: readonly ChatPlatform[];
  pool: pg.Pool;
  changes: Changes;
  planUrl: (planId: string) => string;
};

/** The chat platforms that are configured, with what is delivered to them and heard from them. */
export function createChat(
  config: Config,
  engine: GatewayEngine,
  { platforms, pool, changes, planUrl }: ChatParts,
): Chat {
  const chat = createChatStore(pool);
  const names = platforms.map(({ name }) => name);
  const { allowExternal, remindAfterSeconds, escalate, approvalChannel } = config.chat;
  const channel = approvalChannel ? { channel: { ...approvalChannel, thread: '' } } : {};
  let timers: Timer[] = [];
  return {
    webhooks: platforms.flatMap(({ webhooks }) => webhooks),
    async states() {
      if (platforms.length === 0) return {};
      const { threads, problem } = await chat.waiting();
      const outbox = threads === 0 ? 'ok' : `${threads} threads wait${problem ? `: ${problem}` : ''}`;
      const each = platforms.map((platform) => {
        const { ok, says } = platform.state();
        return [platform.name, ok ? 'ok' : says];
      });
      return { ...Object.fromEntries(each), outbox };
    },
    async start() {
      if (platforms.length === 0) return;
      timers = [
        startDeliveries({ engine, chat, platforms, planUrl, allowExternal }, changes.onChange),
        startNotices({ engine, chat, platforms: names, remindAfterSeconds, escalate, ...channel }),
      ];
      const inbox = createInbox(engine, chat);
      for (const platform of platforms) await platform.start(inbox);
    },
    async stop() {
      await Promise.all(platforms.map((platform) => platform.stop()));
      await Promise.all(timers.map((timer) => timer.stop()));
    },
  };
}

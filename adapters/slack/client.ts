import { setTimeout as delay } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { ChatError } from '../../src/domain/ports/chat-platform.ts';

export type WebClient = webApi.WebClient;

/** Between two writes to one channel, in milliseconds: Slack takes one message a second. */
const paceMs = 1000;

/** What a token that no longer counts is refused with. */
const revoked = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
]);
const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const away = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
]);

/** Turns what the Web API throws into what the outbox knows. */
export function chatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  const { code, data, message, retryAfter } = error as {
    code?: string;
    data?: { error?: string; needed?: string };
    message?: string;
    retryAfter?: number;
  };
  if (code === 'slack_webapi_rate_limited_error')
    return new ChatError('rate-limited', `Slack asks for a pause of ${retryAfter} s.`, retryAfter ?? 30);
  const said = data?.error;
  if (said === undefined)
    return new ChatError('unavailable', `Slack does not answer: ${message ?? String(error)}`);
  const needed = data?.needed ? ` (needs ${data.needed})` : '';
  const words = `Slack refused: ${said}${needed}`;
  if (revoked.has(said)) return new ChatError('revoked', words, 60);
  if (gone.has(said)) return new ChatError('gone', words);
  return new ChatError(away.has(said) ? 'unavailable' : 'rejected', words);
}

/** Hands out turns to write to a channel, one a second, in the order in which they were asked for. */
export function createPacer(now = Date.now): (channel: string) => Promise<void> {
  const next = new Map<string, number>();
  return async (channel) => {
    const at = now();
    const turn = Math.max(at, next.get(channel) ?? 0);
    next.set(channel, turn + paceMs);
    if (next.size > 10_000) for (const [key, until] of next) if (until < at) next.delete(key);
    if (turn > at) await delay(turn - at);
  };
}

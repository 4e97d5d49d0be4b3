import { lookAtRedis, type Presence } from '../../../jobs/presence.ts';
import { wordsOf } from '../../../jobs/redis.ts';
import type { RedisAddress } from '../../domain/ports/redis-address.ts';
import { type Check, wrong } from './check.ts';

/** What this machine's files come to; undefined where they say nothing. */
export type Own = { version: string; policy: string | undefined; gatewayKey: string | undefined };

/** Redis, and whether all processes that use it have the same version, policy and keys. */
export async function checkQueue(redis: RedisAddress, own: Own, check: Check): Promise<void> {
  let processes: readonly Presence[] | undefined;
  await check('redis', async () => {
    const found = await lookAtRedis(redis);
    processes = found.processes;
    const host = wordsOf(redis);
    if (found.evicts !== undefined)
      throw wrong(
        `Redis at ${host} throws work away when it is full (${found.evicts}).`,
        'Set `maxmemory-policy noeviction` (redis-cli CONFIG SET maxmemory-policy noeviction).',
      );
    return host;
  });
  const present = processes;
  if (present !== undefined) await check('processes', () => compare(present, own));
}

/** Throws where processes differ among each other, or from what is here. */
export function compare(processes: readonly Presence[], own: Own): string {
  if (processes.length === 0) return 'none runs';
  for (const [field, what, mend] of facets) {
    const here = own[field];
    const all = [
      ...processes.map((each) => ({ who: `${each.role} on ${each.host} (${each.pid})`, has: each[field] })),
      ...(here === undefined ? [] : [{ who: 'the files here', has: here }]),
    ];
    const [first] = all;
    const other = all.find(({ has }) => has !== first?.has);
    if (first && other)
      throw wrong(`${first.who} has ${what} ${first.has}, ${other.who} has ${other.has}.`, mend);
  }
  return processes.map(({ role, host, pid }) => `${role} on ${host} (${pid})`).join(', ');
}

const facets = [
  [
    'gatewayKey',
    'the gateway’s key',
    'A worker needs its gateway’s keys/gateway.pub: copy it, and start the worker again.',
  ],
  [
    'policy',
    'the policy',
    'Give all the same policy files, and start them again: with another policy every plan is stale.',
  ],
  ['version', 'version', 'Run the same version everywhere.'],
] as const satisfies readonly [keyof Own, string, string][];

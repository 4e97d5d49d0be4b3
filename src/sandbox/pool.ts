import { AsyncResource } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultError } from '../domain/fault.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Child } from './child.ts';
import type { Profile } from './options.ts';

/** How long the running request has the machine for itself before a child is forked for the next one. */
const refillMilliseconds = 150;
const longestPause = 30_000;

export type Pool = {
  /** A ready child that nobody has used. Forks one when none is waiting. */
  take(profile: Profile): Promise<Child>;
  close(): Promise<void>;
};

export type PoolOptions = {
  sizes: Readonly<Record<Profile, number>>;
  /** `wanted` fires once somebody waits for what is forked ahead; without it somebody does at once. */
  start: (profile: Profile, wanted?: AbortSignal) => Promise<Child>;
  logger: Logger;
};

type Ahead = { child: Promise<Child | undefined>; want(): void };

/** Keeps children forked ahead, by profile. A child leaves the pool once and never comes back. */
export function createPool({ sizes, start, logger }: PoolOptions): Pool {
  const waiting: Record<Profile, Ahead[]> = { tool: [], code: [] };
  const closing = new AbortController();
  let failures = 0;
  // What is forked ahead belongs to no plan yet, also where a plan's need made room for it.
  const outside = AsyncResource.bind((profile: Profile, wanted: AbortSignal) => start(profile, wanted));

  const fork = (profile: Profile): Ahead => {
    const wanted = new AbortController();
    const child = outside(profile, wanted.signal).then(
      (child) => {
        failures = 0;
        return child;
      },
      (error: unknown) => {
        failures += 1;
        logger.warn({ profile, problem: String(error) }, 'a step could not be forked ahead');
        return undefined;
      },
    );
    return { child, want: () => wanted.abort() };
  };
  const fill = (profile: Profile): void => {
    while (!closing.signal.aborted && waiting[profile].length < sizes[profile])
      waiting[profile].push(fork(profile));
  };
  const fillLater = (profile: Profile): void => {
    const pause = Math.min(refillMilliseconds * 2 ** failures, longestPause);
    delay(pause, undefined, { signal: closing.signal, ref: false }).then(
      () => fill(profile),
      () => undefined,
    );
  };
  fill('tool');
  fill('code');
  return {
    async take(profile) {
      if (closing.signal.aborted) throw new FaultError('cancelled', 'Reign is stopping.');
      fillLater(profile);
      for (let next = waiting[profile].shift(); next !== undefined; next = waiting[profile].shift()) {
        next.want();
        const child = await next.child;
        if (child?.alive()) return child;
        await child?.end();
      }
      return start(profile);
    },
    async close() {
      closing.abort();
      const left = [...waiting.tool.splice(0), ...waiting.code.splice(0)];
      await Promise.all(left.map(async ({ child }) => (await child)?.end()));
    },
  };
}

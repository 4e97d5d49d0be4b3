import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { consume } from '../../jobs/consume.ts';
import { connectQueue } from '../../jobs/queues.ts';
import type { Reach } from '../../jobs/reach.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { noTelemetry } from '../../src/domain/ports/telemetry.ts';
import { startRedisServer } from '../support/redis-servers.ts';
import { until } from '../support/reign.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

it('leaves jobs to others while Postgres is out of reach, and takes them again once it is back', async () => {
  const server = await startRedisServer([]);
  cleanUp.push(server.stop);
  const redis = { url: `redis://127.0.0.1:${server.port}` };
  const { queue, close } = connectQueue(redis);
  cleanUp.push(close);
  const taken: string[] = [];
  const takes = (name: string, reach: Reach) => {
    const given = { concurrency: 10, logger: silentLogger, telemetry: noTelemetry, about: () => ({}) };
    const consumer = consume('steps', { redis, reach }, given, async ({ id }) => {
      taken.push(`${name} took ${id}`);
    });
    cleanUp.push(() => consumer.drain(2_000));
  };
  const reach = switchable();
  takes('one', reach);
  await queue.step('s-1', 1);
  await until(
    () => taken.length === 1,
    20_000,
    () => 'nobody takes it',
  );
  reach.set(false);
  // What it had asked Redis for in that moment may still come, and is dropped.
  await delay(1_500);
  takes('two', switchable());
  for (let number = 2; number < 12; number += 1) await queue.step(`s-${number}`, 1);
  await until(
    () => taken.length === 11,
    20_000,
    () => `not all are taken: ${taken.join(', ')}`,
  );
  expect(taken.filter((each) => each.startsWith('one'))).toEqual(['one took s-1']);
  reach.set(true);
  await until(
    async () => {
      await queue.step(`s-${taken.length + 100}`, 1);
      return taken.filter((each) => each.startsWith('one')).length > 1;
    },
    20_000,
    () => 'it does not take jobs again',
  );
});

function switchable(): Reach & { set(holds: boolean): void } {
  const listeners = new Set<(holds: boolean) => void>();
  let now = true;
  return {
    holds: () => now,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(holds) {
      now = holds;
      for (const listener of listeners) listener(holds);
    },
  };
}

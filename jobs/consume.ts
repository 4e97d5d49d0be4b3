import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { toFault } from '../src/domain/fault.ts';
import type { RedisAddress } from '../src/domain/ports/redis-address.ts';
import type { Logger } from '../src/domain/ports/runtime.ts';
import type { About, Telemetry } from '../src/domain/ports/telemetry.ts';
import type { JobPayloads, QueueName } from './queues.ts';
import type { Reach } from './reach.ts';
import { connectRedis, queuePrefix } from './redis.ts';

/** Where jobs come from, and whether they can be looked up. */
export type Intake = { redis: RedisAddress; reach: Reach };

export type Consumer = {
  /**
   * Takes no more jobs and waits for those that run, at most `milliseconds`, whether Redis answers or not.
   * @returns whether all ended in time.
   */
  drain(milliseconds: number): Promise<boolean>;
};

/**
 * A job that a killed process had taken keeps its id in use until BullMQ gives it up, and what the sweep adds under
 * that id meanwhile is dropped without a word. So it is given up within seconds; milliseconds.
 */
const lostSoon = { maxStalledCount: 0, lockDuration: 3_000, stalledInterval: 1_000 };

/** How long Redis has to say goodbye once no job runs, in milliseconds. */
const goodbyeMs = 3_000;

/**
 * The consuming side of one queue. BullMQ's own retries stay off (`maxStalledCount: 0`): whether something may run
 * again is decided from Postgres alone. A process that does not reach Postgres takes nothing: it would keep from others
 * what it cannot do.
 */
export function consume<N extends QueueName>(
  name: N,
  { redis, reach }: Intake,
  options: {
    concurrency: number;
    logger: Logger;
    telemetry: Telemetry;
    about: (payload: JobPayloads[N]) => About;
  },
  work: (payload: JobPayloads[N]) => Promise<void>,
): Consumer {
  const { concurrency, logger, telemetry, about } = options;
  const connection = connectRedis(redis, 'consumer');
  const running = new Set<Promise<void>>();
  let stopped = false;
  const worker = new Worker(
    name,
    async ({ data, timestamp }) => {
      // A silent Redis may hand out what was asked of it before; the sweep hands that out again.
      if (stopped || !reach.holds()) return;
      const payload = data as JobPayloads[N];
      const job = { queue: name, queuedAt: new Date(timestamp), about: about(payload) };
      const done = telemetry.job(job, () =>
        work(payload).catch((error: unknown) => {
          const { code, message } = toFault(error);
          telemetry.count('reign_jobs_failed_total', { queue: name });
          logger.warn(
            { queue: name, job: data, code, error: message },
            'a job failed; the sweep will look at it',
          );
        }),
      );
      running.add(done);
      await done.finally(() => running.delete(done));
    },
    { connection, prefix: queuePrefix, concurrency, ...lostSoon, drainDelay: 1 },
  );
  worker.on('error', (error) =>
    logger.debug({ queue: name, error: error.message }, 'the queue is not reachable'),
  );
  const heed = (reaches: boolean) => void (reaches ? worker.resume() : worker.pause(true));
  const heedNoMore = reach.onChange(heed);
  return {
    async drain(milliseconds) {
      heedNoMore();
      const timers = new AbortController();
      const wait = (time: number) => delay(time, undefined, { signal: timers.signal });
      const idle = async () => {
        do {
          await Promise.allSettled(running);
          await wait(goodbyeMs);
        } while (running.size > 0);
        return true;
      };
      const late = wait(milliseconds).then(() => false);
      const drained = await Promise.race([worker.close().then(() => true), idle(), late]);
      stopped = true;
      timers.abort();
      connection.disconnect();
      return drained;
    },
  };
}

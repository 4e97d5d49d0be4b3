import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { toFault } from '../src/domain/fault.ts';
import type { Logger } from '../src/domain/ports/runtime.ts';
import type { JobPayloads, QueueName } from './queues.ts';

export type Consumer = {
  /** Takes no more jobs and waits for those that run, at most `milliseconds`. @returns whether all ended in time. */
  drain(milliseconds: number): Promise<boolean>;
};

/**
 * A job that a killed process had taken keeps its id in use until BullMQ gives it up, and what the sweep adds under
 * that id meanwhile is dropped without a word. So it is given up within seconds; milliseconds.
 */
const lostSoon = { maxStalledCount: 0, lockDuration: 3_000, stalledInterval: 1_000 };

/**
 * The consuming side of one queue. BullMQ's own retries stay off (`maxStalledCount: 0`): whether something may run
 * again is decided from Postgres alone.
 */
export function consume<N extends QueueName>(
  name: N,
  redisUrl: string,
  options: { concurrency: number; logger: Logger },
  work: (payload: JobPayloads[N]) => Promise<void>,
): Consumer {
  const { concurrency, logger } = options;
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const worker = new Worker(
    name,
    async ({ data }) => {
      await work(data as JobPayloads[N]).catch((error: unknown) => {
        const { code, message } = toFault(error);
        logger.warn(
          { queue: name, job: data, code, error: message },
          'a job failed; the sweep will look at it',
        );
      });
    },
    { connection, prefix: 'reign', concurrency, ...lostSoon, drainDelay: 1 },
  );
  worker.on('error', (error) =>
    logger.debug({ queue: name, error: error.message }, 'the queue is not reachable'),
  );
  return {
    async drain(milliseconds) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, milliseconds, false);
      });
      const drained = await Promise.race([worker.close().then(() => true), late]);
      clearTimeout(timer);
      connection.disconnect();
      return drained;
    },
  };
}

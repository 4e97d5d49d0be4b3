import { setTimeout as delay } from 'node:timers/promises';
import { Queue as BullQueue, type JobsOptions } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from '../src/domain/ports/redis-address.ts';
import type { Queue } from '../src/engine/ports.ts';
import { connectRedis, queuePrefix } from './redis.ts';

/**
 * Names and payloads of all queues. Payloads are ids only: what a job means stands in Postgres, where it is looked up
 * when the job runs, and a job that comes twice, late or never changes nothing that the sweep does not make good.
 */
export type JobPayloads = {
  /** Taken by gateways: they have the planner and the signing key. */
  gateway: { kind: 'message' | 'grant-undo'; id: string };
  /** Taken by gateways; apart from messages, which must not wait for a slow model. */
  thoughts: { id: string };
  /** Taken by workers; apart from previews, for the same reason. */
  looks: { id: string };
  /** Taken by workers; apart from steps, so that a card never waits behind long work. */
  previews: { kind: 'prepare' | 'preview'; id: string };
  steps: { id: string; version: number };
};

export type QueueName = keyof JobPayloads;

const names: readonly QueueName[] = ['gateway', 'thoughts', 'looks', 'previews', 'steps'];

/** A job is tried once, and nothing of it stays: outcomes are never read from the queue. */
const once: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** Its absence says that the server was emptied. */
const aliveKey = `${queuePrefix}:alive`;

export type QueueConnection = { queue: Queue; close(): Promise<void> };

/** How long closing may take, in milliseconds. */
const closeMs = 2_000;

/** The producing side. Fails fast when Redis is away; the sweep hands out later what could not be handed out now. */
export function connectQueue(address: RedisAddress): QueueConnection {
  const redis = connectRedis(address, 'producer');
  const bull = Object.fromEntries(
    names.map((name) => {
      const queue = new BullQueue(name, { connection: redis, prefix: queuePrefix, defaultJobOptions: once });
      queue.on('error', () => {});
      return [name, queue];
    }),
  ) as Record<QueueName, BullQueue>;
  return {
    queue: producer(redis, bull),
    async close() {
      const closed = Promise.all(names.map((name) => bull[name].close())).catch(() => undefined);
      // BullMQ waits for a server that it never reached.
      await Promise.race([closed, delay(closeMs, undefined, { ref: false })]);
      redis.disconnect();
    },
  };
}

function producer(redis: Redis | Cluster, bull: Record<QueueName, BullQueue>): Queue {
  const add = async <N extends QueueName>(name: N, jobId: string, payload: JobPayloads[N]) => {
    await bull[name].add(name, payload, { jobId });
  };
  return {
    message: (id) => add('gateway', `message-${id}`, { kind: 'message', id }),
    grantUndo: (id) => add('gateway', `undo-${id}`, { kind: 'grant-undo', id }),
    think: (id, version) => add('thoughts', `think-${id}-v${version}`, { id }),
    look: (id, version) => add('looks', `look-${id}-v${version}`, { id }),
    prepare: (id) => add('previews', `prepare-${id}`, { kind: 'prepare', id }),
    preview: (id, version) => add('previews', `preview-${id}-v${version}`, { kind: 'preview', id }),
    step: (id, version) => add('steps', `step-${id}-v${version}`, { id, version }),
    async steps(steps) {
      const [only] = steps;
      if (steps.length === 1 && only) return add('steps', `step-${only.id}-v${only.version}`, only);
      const jobs = steps.map(({ id, version }) => ({
        name: 'steps',
        data: { id, version },
        opts: { jobId: `step-${id}-v${version}` },
      }));
      await bull.steps.addBulk(jobs);
    },
    async ping() {
      await redis.ping();
    },
    async wasEmptied() {
      return (await redis.set(aliveKey, '1', 'NX')) === 'OK';
    },
  };
}

import type { RedisAddress } from '../src/domain/ports/redis-address.ts';
import type { WorkerEngine } from '../src/engine/engine.ts';
import { runStep } from '../src/engine/run-step.ts';
import { type Consumer, consume } from './consume.ts';
import type { JobPayloads } from './queues.ts';

/** Steps to carry out. */
export function consumeSteps(engine: WorkerEngine, redis: RedisAddress, concurrency: number): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ id }: JobPayloads['steps']) => ({ step: id });
  return consume('steps', redis, { concurrency, logger, telemetry, about }, ({ id, version }) =>
    runStep(engine, id, version),
  );
}

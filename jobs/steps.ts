import type { WorkerEngine } from '../src/engine/engine.ts';
import { runStep } from '../src/engine/run-step.ts';
import { type Consumer, consume } from './consume.ts';

/** Steps to carry out. */
export function consumeSteps(engine: WorkerEngine, redisUrl: string, concurrency: number): Consumer {
  return consume('steps', redisUrl, { concurrency, logger: engine.logger }, ({ id, version }) =>
    runStep(engine, id, version),
  );
}

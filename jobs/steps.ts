import type { WorkerEngine } from '../src/engine/engine.ts';
import { runStep } from '../src/engine/run-step.ts';
import { type Consumer, consume, type Intake } from './consume.ts';
import type { JobPayloads } from './queues.ts';

/** Steps to carry out. */
export function consumeSteps(engine: WorkerEngine, intake: Intake, concurrency: number): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ id }: JobPayloads['steps']) => ({ step: id });
  return consume('steps', intake, { concurrency, logger, telemetry, about }, ({ id, version }) =>
    runStep(engine, id, version),
  );
}

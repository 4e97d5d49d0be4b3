import type { WorkerEngine } from '../src/engine/engine.ts';
import { lookAround } from '../src/engine/investigate/look-around.ts';
import { prepareMessage } from '../src/engine/prepare.ts';
import { previewPlan } from '../src/engine/preview-plan.ts';
import { type Consumer, consume, type Intake } from './consume.ts';
import type { JobPayloads } from './queues.ts';

/** Drafts to make plans of, and plans whose world is to be looked at again. */
export function consumePreviews(engine: WorkerEngine, intake: Intake): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ kind, id }: JobPayloads['previews']) =>
    kind === 'prepare' ? { message: id } : { plan: id };
  return consume('previews', intake, { concurrency: 8, logger, telemetry, about }, ({ kind, id }) => {
    switch (kind) {
      case 'prepare':
        return prepareMessage(engine, id);
      case 'preview':
        return previewPlan(engine, id);
      default:
        return kind satisfies never;
    }
  });
}

/** What models want to look at. */
export function consumeLooks(engine: WorkerEngine, intake: Intake): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ id }: JobPayloads['looks']) => ({ message: id });
  return consume('looks', intake, { concurrency: 6, logger, telemetry, about }, ({ id }) =>
    lookAround(engine, id),
  );
}

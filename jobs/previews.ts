import type { RedisAddress } from '../src/domain/ports/redis-address.ts';
import type { WorkerEngine } from '../src/engine/engine.ts';
import { lookAround } from '../src/engine/investigate/look-around.ts';
import { prepareMessage } from '../src/engine/prepare.ts';
import { previewPlan } from '../src/engine/preview-plan.ts';
import { type Consumer, consume } from './consume.ts';
import type { JobPayloads } from './queues.ts';

/** Drafts to make plans of, and plans whose world is to be looked at again. */
export function consumePreviews(engine: WorkerEngine, redis: RedisAddress): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ kind, id }: JobPayloads['previews']) =>
    kind === 'prepare' ? { message: id } : { plan: id };
  return consume('previews', redis, { concurrency: 8, logger, telemetry, about }, ({ kind, id }) => {
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
export function consumeLooks(engine: WorkerEngine, redis: RedisAddress): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ id }: JobPayloads['looks']) => ({ message: id });
  return consume('looks', redis, { concurrency: 6, logger, telemetry, about }, ({ id }) =>
    lookAround(engine, id),
  );
}

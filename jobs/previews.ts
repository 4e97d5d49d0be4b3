import type { WorkerEngine } from '../src/engine/engine.ts';
import { lookAround } from '../src/engine/investigate/look-around.ts';
import { prepareMessage } from '../src/engine/prepare.ts';
import { previewPlan } from '../src/engine/preview-plan.ts';
import { type Consumer, consume } from './consume.ts';

/** Drafts to make plans of, and plans whose world is to be looked at again. */
export function consumePreviews(engine: WorkerEngine, redisUrl: string): Consumer {
  return consume('previews', redisUrl, { concurrency: 8, logger: engine.logger }, ({ kind, id }) => {
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
export function consumeLooks(engine: WorkerEngine, redisUrl: string): Consumer {
  return consume('looks', redisUrl, { concurrency: 6, logger: engine.logger }, ({ id }) =>
    lookAround(engine, id),
  );
}

import type { Json } from '../domain/json.ts';
import type { Step } from '../domain/plan.ts';
import type { WorkerEngine } from './engine.ts';
import { openCapture } from './sealed-capture.ts';

/** What a phase that puts things back is called with. Throws as `openCapture` does. */
export async function restoreArgs(engine: WorkerEngine, step: Step): Promise<{ [key: string]: Json }> {
  return { input: step.input, undo: await openCapture(engine.sealer, step) };
}

/** What a phase that does, or looks at what was done, is called with. */
export function executeArgs(step: Step): { [key: string]: Json } {
  return {
    input: step.input,
    approved: (step.preview ?? null) as Json,
    idempotencyKey: step.id,
    ...(step.output === undefined ? {} : { output: step.output }),
  };
}

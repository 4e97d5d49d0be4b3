import type { Plan, Step } from '../domain/plan.ts';
import type { Engine } from './engine.ts';
import { showProgress } from './entries.ts';
import { movePlan } from './moves.ts';
import type { Transaction } from './ports.ts';

/** Whether a plan has already done something, and waits in the middle. */
export function hasBegun(steps: readonly Step[]): boolean {
  return steps.some(({ state }) => state === 'succeeded');
}

/** Stops a running plan before a part that could not be shown yet: it is previewed now and becomes the next revision. */
export async function pausePlan(tx: Transaction, engine: Engine, plan: Plan): Promise<void> {
  const note = 'The next part can be shown now.';
  const paused = await movePlan(tx, plan, 'previewed', { note });
  showProgress(tx, paused);
  tx.afterCommit(() => engine.queue.preview(paused.id, paused.version));
}

import { toFault } from '../domain/fault.ts';
import type { AnyOperation } from '../domain/operation.ts';
import { isWrite, type Step } from '../domain/plan.ts';
import { placesOf } from './call-options.ts';
import { type Claim, claimForLooking } from './claim-step.ts';
import type { WorkerEngine } from './engine.ts';
import { giveUp, settleStep } from './settle-step.ts';
import { executeArgs } from './step-args.ts';
import { look } from './step-calls.ts';

/** A step that takes its worker down each time must not go round for ever. */
const mostAttempts = 5;

/** Looks whether a write landed, after the worker that made it was lost or its answer was. */
export async function reconcile(engine: WorkerEngine, step: Step, operation: AnyOperation): Promise<void> {
  const claim = await claimForLooking(engine, step);
  if (!claim) return;
  const held = claim.step;
  if (!isWrite(step)) {
    await settleStep(engine, held, { to: 'ready' });
    return;
  }
  if (step.attempts >= mostAttempts) {
    return giveUp(engine, held, `${step.title}: ${step.attempts} workers were lost while they ran it.`);
  }
  const landed = step.mode === 'undo' ? 'no' : await askWorld(engine, claim, operation);
  if (landed === 'yes') {
    await settleStep(engine, held, { to: 'verifying' });
    return;
  }
  // Restoring is safe to call twice; an operation that is safe to repeat may go on where the world cannot tell.
  if (landed === 'no' || operation.repeat !== 'verify-first') {
    await settleStep(engine, held, { to: 'ready' });
    return;
  }
  await giveUp(
    engine,
    held,
    `${step.title}: contact was lost while it ran, and the world cannot tell whether it took effect. Look, then ask again.`,
  );
}

/** Whether the write of a step landed: 'yes', 'no', or 'unclear' where nobody can tell. */
export async function askWorld(
  engine: WorkerEngine,
  { step, record }: Claim,
  operation: AnyOperation,
): Promise<string> {
  const session = await engine.sandbox.open({ planId: step.planId, profile: 'tool' });
  try {
    const environments = placesOf(step);
    const args = executeArgs(step);
    const { authors } = record.plan;
    return (await look(engine, session, {
      operation,
      phase: 'landed',
      args,
      authors,
      environments,
    })) as string;
  } catch (error) {
    // Whoever takes the step after this worker asks again.
    if (engine.stopping.aborted) throw error;
    engine.logger.warn(
      { step: step.id, error: toFault(error).message },
      'could not ask whether the write landed',
    );
    return 'unclear';
  } finally {
    await session.close();
  }
}

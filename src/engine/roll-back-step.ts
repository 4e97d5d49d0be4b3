import { fault, toFault } from '../domain/fault.ts';
import type { AnyOperation, Verification } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import { callOptions } from './call-options.ts';
import { type Claim, claimStep } from './claim-step.ts';
import type { WorkerEngine } from './engine.ts';
import { type Held, withLease } from './lease.ts';
import { type Settlement, settleStep } from './settle-step.ts';
import { restoreArgs } from './step-args.ts';
import { callOrThrow } from './step-calls.ts';

/** Puts back what a step of a failing plan did, and checks that it is back. */
export async function rollBack(engine: WorkerEngine, step: Step, operation: AnyOperation): Promise<void> {
  const claim = await claimStep(engine, step, undefined);
  if (!claim) return;
  await withLease(engine, claim.step, async (held) => {
    const settlement = await putBack(engine, claim, operation, held).catch((error: unknown): Settlement => {
      const { message, code } = toFault(error);
      return { to: 'roll-back-failed', fault: fault(code, `The rollback failed: ${message}`) };
    });
    // Stopped because the lease was lost: restoring is safe to call twice, and whoever takes the step over does.
    if (held.signal.aborted) return;
    await settleStep(engine, claim.step, settlement);
  });
}

async function putBack(
  engine: WorkerEngine,
  { step, record }: Claim,
  operation: AnyOperation,
  held: Held,
): Promise<Settlement> {
  const by = { held, authors: record.plan.authors };
  const session = await engine.sandbox.open({ planId: step.planId, profile: 'tool' });
  try {
    const args = await restoreArgs(engine, step);
    const write = callOptions(engine, step, operation, by, true);
    await callOrThrow(session, operation, 'restore', args, write);
    const read = callOptions(engine, step, operation, by, false);
    const verified = await callOrThrow(session, operation, 'verify-restored', args, read);
    const verification = verified as unknown as Verification;
    if (verification.state === 'healthy') return { to: 'rolled-back', verification };
    const failure = fault('unhealthy', `The rollback did not become healthy: ${verification.evidence}`);
    return { to: 'roll-back-failed', verification, fault: failure };
  } finally {
    await session.close();
  }
}

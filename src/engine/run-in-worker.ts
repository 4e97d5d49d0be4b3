import { setTimeout as delay } from 'node:timers/promises';
import { FaultError, fault, toFault } from '../domain/fault.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import type { Writer } from '../domain/ports/reader.ts';
import { claimForLooking, claimStep } from './claim-step.ts';
import type { WorkerEngine } from './engine.ts';
import { settleStep } from './settle-step.ts';

function refuse(connectionId: string): never {
  throw new FaultError('not-found', `An operation that runs in the worker has no ${connectionId}.`);
}

/** What an operation gets that runs in the worker: the time, and nothing to reach. */
export const reachNothing: Writer = {
  environments: [],
  connect: refuse,
  copyFolder: async (connectionId) => refuse(connectionId),
  forward: async (connectionId) => refuse(connectionId),
  workFolder: '',
  signal: new AbortController().signal,
  now: () => new Date(),
  sleep: (milliseconds) => delay(milliseconds),
  report: () => {},
  writes: true,
};

/**
 * Runs one of Reign's own harmless operations in the worker process: claim, execute, settle. There is no world outside
 * to verify, so what the operation's `verify` says is settled together with its output.
 */
export async function runInWorker(around: WorkerEngine, step: Step, operation: AnyOperation): Promise<void> {
  // It reaches nothing and is given no credential, so there is nothing to mask in what it says.
  const engine: WorkerEngine = { ...around, redact: async (value) => value };
  if (step.state === 'unclear' || step.state === 'verifying') {
    const claim = await claimForLooking(engine, step);
    // These operations are safe to repeat; that is what lets them run here.
    if (claim) await settleStep(engine, claim.step, { to: step.state === 'unclear' ? 'ready' : 'unclear' });
    return;
  }
  const rollingBack = step.state === 'rolling-back';
  const reversible = operation.undo.kind === 'reversible' ? operation.undo : undefined;
  const reader = reachNothing;
  const captured = rollingBack ? undefined : await reversible?.capture(step.input as never, reader);
  const claim = await claimStep(engine, step, captured);
  if (!claim) return;
  try {
    if (rollingBack || step.mode === 'undo') {
      await reversible?.restore(step.input as never, claim.step.captured as never, reader);
      await settleStep(engine, claim.step, { to: rollingBack ? 'rolled-back' : 'succeeded' });
      return;
    }
    const context = { approved: step.preview, idempotencyKey: step.id };
    const output = await operation.execute(claim.step.input, reader, context);
    const verification = await operation.verify(claim.step.input, reader, context);
    if (verification.state === 'healthy') {
      await settleStep(engine, claim.step, { to: 'succeeded', output, verification });
      return;
    }
    const failure = fault('unhealthy', verification.evidence);
    await settleStep(engine, claim.step, { to: 'failed', output, verification, fault: failure });
  } catch (error) {
    const to = rollingBack ? 'roll-back-failed' : 'failed';
    await settleStep(engine, claim.step, { to, fault: toFault(error), nothingLanded: true });
  }
}

import { type Fault, type FaultCode, fault, toFault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import { type AnyOperation, undoKindOf, type Verification } from '../domain/operation.ts';
import { isWrite, type Step } from '../domain/plan.ts';
import type { StepSession } from '../domain/ports/sandbox.ts';
import { operationOf } from './acts.ts';
import { askWorld, reconcile } from './ask-world.ts';
import { callOptions, placesOf } from './call-options.ts';
import { type Claim, claimForLooking, claimStep } from './claim-step.ts';
import type { WorkerEngine } from './engine.ts';
import { type Held, withLease } from './lease.ts';
import { rollBack } from './roll-back-step.ts';
import { runInWorker } from './run-in-worker.ts';
import { sealCapture } from './sealed-capture.ts';
import { giveUp, lookAgain, settleStep } from './settle-step.ts';
import { executeArgs, restoreArgs } from './step-args.ts';
import { callOrThrow, look, profileOf } from './step-calls.ts';
import { decisionLinks, planSpan } from './traces.ts';

/**
 * Carries one step as far as it goes: claim, execute, verify, settle. A job that comes twice, late or for a step that
 * has moved on does nothing.
 */
export async function runStep(engine: WorkerEngine, stepId: string, version: number): Promise<void> {
  const step = await engine.store.queries.step(stepId);
  if (!step || step.version !== version || step.endedAt !== undefined) return;
  engine.telemetry.about({ plan: step.planId, step: step.id });
  // What only spans need is not looked up without them.
  const record = engine.telemetry.traces ? await engine.store.queries.plan(step.planId) : undefined;
  if (!record) return runKnown(engine, step);
  const { attributes, ...span } = planSpan('run step', record.plan);
  const { id, operation, state, mode } = step;
  const about = {
    'reign.step.id': id,
    'reign.operation': operation,
    'reign.step.state': state,
    'reign.mode': mode,
  };
  const links = decisionLinks(record);
  await engine.telemetry.span({ ...span, links, attributes: { ...attributes, ...about } }, () =>
    runKnown(engine, step),
  );
}

async function runKnown(engine: WorkerEngine, step: Step): Promise<void> {
  const operation = knownOperation(engine, step);
  if ('code' in operation) return settleUnknown(engine, step, operation);
  if (operation.runs === 'worker') return runInWorker(engine, step, operation);
  switch (step.state) {
    case 'ready':
      return execute(engine, step, operation);
    case 'rolling-back':
      return rollBack(engine, step, operation);
    case 'unclear':
      return reconcile(engine, step, operation);
    case 'verifying':
      return verifyAgain(engine, step, operation);
    default:
      return;
  }
}

function knownOperation(engine: WorkerEngine, step: Step): AnyOperation | Fault {
  try {
    return operationOf(engine.catalogue, step);
  } catch (error) {
    return toFault(error);
  }
}

/** Reign was changed while the plan was under way: the step cannot be run, nor can it be asked what became of it. */
async function settleUnknown(engine: WorkerEngine, step: Step, { message }: Fault): Promise<void> {
  if (step.state === 'ready' || step.state === 'rolling-back') {
    // The claim is refused, since what was approved cannot be judged any more.
    await claimStep(engine, step, undefined);
    return;
  }
  const claim = await claimForLooking(engine, step);
  if (claim) await giveUp(engine, claim.step, `${step.title}: ${message}`);
}

async function execute(engine: WorkerEngine, step: Step, operation: AnyOperation): Promise<void> {
  let captured: Json | undefined;
  try {
    captured = await capture(engine, step, operation);
  } catch (error) {
    if (engine.stopping.aborted) return;
    // Nothing was written: the claim is made without it, and the step fails in the open.
    const claim = await claimStep(engine, step, undefined);
    if (claim)
      await settleStep(engine, claim.step, { to: 'failed', fault: toFault(error), nothingLanded: true });
    return;
  }
  const claim = await claimStep(engine, step, captured);
  if (!claim) return;
  await withLease(engine, claim.step, async (held) => {
    const { planId } = step;
    const begun = step.captured !== undefined; // An earlier attempt may have written before it was lost.
    const session = await engine.sandbox.open({ planId, profile: profileOf(operation) }).catch(toFault);
    if (held.signal.aborted) return;
    if ('code' in session) {
      await settleStep(engine, claim.step, { to: 'failed', fault: session, nothingLanded: !begun });
      return;
    }
    try {
      await perform(engine, session, claim, operation, { held, begun });
    } finally {
      await session.close();
    }
  });
}

/** What an earlier attempt captured stays: its write may have landed since. */
async function capture(engine: WorkerEngine, step: Step, operation: AnyOperation): Promise<Json | undefined> {
  if (step.captured !== undefined) return undefined;
  if (step.mode === 'undo' || !isWrite(step) || undoKindOf(operation, step.input) !== 'reversible')
    return undefined;
  const { authors = [] } = (await engine.store.queries.plan(step.planId))?.plan ?? {};
  const session = await engine.sandbox.open({ planId: step.planId, profile: 'tool' });
  try {
    const args = { input: step.input };
    const call = { operation, phase: 'capture' as const, args, authors, environments: placesOf(step) };
    return await sealCapture(engine.sealer, step, await look(engine, session, call));
  } finally {
    await session.close();
  }
}

async function perform(
  engine: WorkerEngine,
  session: StepSession,
  claim: Claim,
  operation: AnyOperation,
  { held, ...was }: { held: Held; begun: boolean },
): Promise<void> {
  const { step } = claim;
  const { authors } = claim.record.plan;
  const restoring = step.mode === 'undo';
  let { begun } = was;
  const landed = () => {
    begun = true;
  };
  const options = callOptions(engine, step, operation, { held, authors, landed }, isWrite(step));
  const phase = restoring ? 'restore' : 'execute';
  let output: Json;
  try {
    const args = restoring ? await restoreArgs(engine, step) : executeArgs(step);
    output = await callOrThrow(session, operation, phase, args, options);
  } catch (error) {
    // The lease is over: whoever takes the step next asks the world how far it got.
    if (held.signal.aborted) return;
    return settleFault(engine, claim, operation, { failure: toFault(error), begun });
  }
  if (!isWrite(step)) {
    await settleStep(engine, step, { to: 'succeeded', output });
    return;
  }
  const outputs = restoring ? {} : { output };
  const verifying = await settleStep(engine, step, { to: 'verifying', ...outputs, keepLease: true });
  if (!verifying) return;
  held.follow(verifying);
  if (profileOf(operation) === 'tool')
    return verify(engine, session, { ...claim, step: verifying }, operation, held);
  // A process that has run code is not used again.
  const fresh = await engine.sandbox.open({ planId: step.planId, profile: 'tool' });
  await verify(engine, fresh, { ...claim, step: verifying }, operation, held).finally(() => fresh.close());
}

async function verify(
  engine: WorkerEngine,
  session: StepSession,
  { step, record }: Claim,
  operation: AnyOperation,
  held: Held,
): Promise<void> {
  const restoring = step.mode === 'undo';
  const { authors } = record.plan;
  const options = callOptions(engine, step, operation, { held, authors }, false);
  const phase = restoring ? 'verify-restored' : 'verify';
  let verification: Verification;
  try {
    const args = restoring ? await restoreArgs(engine, step) : executeArgs(step);
    verification = (await callOrThrow(session, operation, phase, args, options)) as unknown as Verification;
  } catch (error) {
    verification = { state: 'unclear', evidence: toFault(error).message };
  }
  if (held.signal.aborted) return;
  if (verification.state === 'healthy' || verification.state === 'pending') {
    await settleStep(engine, step, { to: 'succeeded', verification });
    return;
  }
  const failure = fault('unhealthy', verification.evidence);
  await settleStep(engine, step, { to: 'failed', verification, fault: failure });
}

async function verifyAgain(engine: WorkerEngine, step: Step, operation: AnyOperation): Promise<void> {
  const claim = await claimForLooking(engine, step);
  if (!claim) return;
  await withLease(engine, claim.step, async (held) => {
    const session = await engine.sandbox.open({ planId: step.planId, profile: 'tool' });
    try {
      await verify(engine, session, claim, operation, held);
    } finally {
      await session.close();
    }
  });
}

/** Answers after which it is certain that the server did not do what was asked. */
const certain: ReadonlySet<FaultCode> = new Set([
  'bad-request',
  'not-allowed',
  'not-found',
  'conflict',
  'refused',
  'unsupported',
  'stale',
  'too-large',
]);

/** Where a write of the step landed before another was refused (`begun`), what it did can be put back. */
async function settleFault(
  engine: WorkerEngine,
  claim: Claim,
  operation: AnyOperation,
  { failure, begun }: { failure: Fault; begun: boolean },
): Promise<void> {
  const { step } = claim;
  const failed = { to: 'failed', fault: failure, nothingLanded: !begun } as const;
  if (failure.code === 'world-changed') {
    if (!begun && (await lookAgain(engine, step, failure.message))) return;
    await settleStep(engine, step, failed);
    return;
  }
  if (!isWrite(step) || certain.has(failure.code)) {
    await settleStep(engine, step, failed);
    return;
  }
  const landed = step.mode === 'undo' ? 'unclear' : await askWorld(engine, claim, operation);
  if (landed === 'yes') await settleStep(engine, step, { to: 'verifying' });
  else if (landed === 'no') await settleStep(engine, step, failed);
  else await settleStep(engine, step, { to: 'unclear', fault: failure });
}

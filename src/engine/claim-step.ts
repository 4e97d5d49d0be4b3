import { type Fault, fault, toFault } from '../domain/fault.ts';
import { coveringFreeze, type Freeze } from '../domain/freeze.ts';
import type { Json } from '../domain/json.ts';
import { isDeferred, isWrite, type Step } from '../domain/plan.ts';
import { isPending } from '../domain/schedule.ts';
import { refusalToRun } from './authorise.ts';
import { capturedAsAudited, captureHash } from './captured.ts';
import { credentialRefusal, scopeOf } from './credentials.ts';
import type { WorkerEngine } from './engine.ts';
import { showCard, showProgress } from './entries.ts';
import { bindLate } from './late-bindings.ts';
import { moveStep } from './moves.ts';
import type { PlanRecord, PlanSight, Transaction } from './ports.ts';
import { progressPlan } from './progress-plan.ts';

export type Claim = { step: Step; record: PlanRecord };

/**
 * Takes a step for this worker, in one transaction with the event that says so: nobody else gets it until the lease
 * and its grace are over. Everything that was approved is checked again here. @returns undefined when the step is
 * somebody else's, held by a freeze, or refused (which fails it).
 */
export async function claimStep(
  engine: WorkerEngine,
  seen: Step,
  captured: Json | undefined,
): Promise<Claim | undefined> {
  await engine.people.renew();
  const { credentials = {}, operation, environment } = seen;
  await engine.renewSecrets([{ names: Object.keys(credentials), scope: scopeOf(operation, environment) }]);
  // Steps of one plan are claimed side by side without waiting for its lock: the versions of plan and step fence it.
  const claim = await tryClaim(engine, seen, captured).catch((error: unknown) => {
    if (toFault(error).code === 'stale') return 'settle' as const;
    throw error;
  });
  return claim === 'settle' ? claimLocked(engine, seen, captured) : claim;
}

/** @returns `settle` when the step cannot simply be claimed, and its plan has to be told. */
async function tryClaim(
  engine: WorkerEngine,
  seen: Step,
  captured: Json | undefined,
): Promise<Claim | undefined | 'settle'> {
  return engine.store.transaction(async (tx) => {
    const record = await tx.readPlan(seen.planId);
    const step = claimable(record, seen);
    if (!record || !step) return undefined;
    if (freezeOver(record, step, tx.now) || (await refusalOf(tx, engine, record, step))) return 'settle';
    tx.fencePlan(record.plan);
    return take(tx, engine, record, step, captured);
  });
}

async function claimLocked(
  engine: WorkerEngine,
  seen: Step,
  captured: Json | undefined,
): Promise<Claim | undefined> {
  return engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(seen.planId);
    const step = claimable(record, seen);
    if (!record || !step) return undefined;
    const freeze = freezeOver(record, step, tx.now);
    if (freeze) return hold(tx, record, step, freeze);
    const refusal = await refusalOf(tx, engine, record, step);
    if (refusal) return refuse(tx, engine, record, step, refusal);
    return take(tx, engine, record, step, captured);
  });
}

function claimable(record: PlanSight | undefined, seen: Step): Step | undefined {
  const step = record?.steps.find(({ id }) => id === seen.id);
  if (step?.version !== seen.version || record?.plan.state !== 'running') return undefined;
  return step.state === 'ready' || step.state === 'rolling-back' ? step : undefined;
}

async function refusalOf(
  tx: Transaction,
  engine: WorkerEngine,
  record: PlanRecord,
  step: Step,
): Promise<Fault | undefined> {
  return (
    outOfTurn(record, step) ??
    refusalToRun(engine, record) ??
    notToBind(engine, record, step) ??
    (step.state === 'ready' ? credentialRefusal(engine, step) : undefined) ??
    (await replayed(tx, engine, step))
  );
}

async function take(
  tx: Transaction,
  engine: WorkerEngine,
  record: PlanRecord,
  step: Step,
  captured: Json | undefined,
): Promise<Claim> {
  const fields = {
    ...leaseFor(engine, tx.now),
    attempts: step.attempts + 1,
    ...(step.startedAt ? {} : { startedAt: tx.now }),
  };
  const input = step.state === 'ready' ? bindLate(engine, record.steps, step) : step.input;
  const claimed =
    step.state === 'ready'
      ? await moveStep(
          tx,
          step,
          'running',
          {
            ...fields,
            note: null,
            ...(captured === undefined ? {} : { captured }),
            ...(input === step.input ? {} : { input }),
          },
          {
            actor: engine.worker,
            record: {
              attempt: fields.attempts,
              input,
              ...(captured === undefined ? {} : { captured: captureHash(captured) }),
            },
          },
        )
      : await moveStep(tx, step, 'rolling-back', fields, { actor: engine.worker });
  if (isWrite(step)) showProgress(tx, record.plan);
  return { step: claimed, record: replaceStep(record, claimed) };
}

/** Takes over a step that is `unclear` or was lost while it was verified. */
export async function claimForLooking(engine: WorkerEngine, seen: Step): Promise<Claim | undefined> {
  return engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(seen.planId);
    const step = record?.steps.find(({ id }) => id === seen.id);
    if (!record || step?.version !== seen.version || record.plan.state !== 'running') return undefined;
    const claimed = await tx.updateStep(step, leaseFor(engine, tx.now));
    return { step: claimed, record: replaceStep(record, claimed) };
  });
}

export function leaseFor(engine: WorkerEngine, now: Date): { leaseUntil: Date; worker: string } {
  return { leaseUntil: new Date(now.getTime() + engine.limits.leaseSeconds * 1000), worker: engine.worker };
}

export function replaceStep(record: PlanRecord, step: Step): PlanRecord {
  return { ...record, steps: record.steps.map((other) => (other.id === step.id ? step : other)) };
}

/** What was approved includes the order: a row that says `ready` too early is not believed. */
function outOfTurn({ steps }: PlanRecord, step: Step): Fault | undefined {
  if (step.state !== 'ready') return undefined;
  if (isDeferred(step)) return fault('refused', `${step.title}: it has not been shown to anybody yet.`);
  const done = steps.filter((each) => each.state === 'succeeded' && !isPending(each)).map(({ key }) => key);
  const missing = step.needs.find((need) => !done.includes(need));
  if (missing === undefined) return undefined;
  return fault('refused', `${step.title}: step "${missing}", which it needs, has not succeeded.`);
}

function notToBind(engine: WorkerEngine, { steps }: PlanRecord, step: Step): Fault | undefined {
  if (step.state !== 'ready') return undefined;
  try {
    bindLate(engine, steps, step);
    return undefined;
  } catch (error) {
    return toFault(error);
  }
}

/**
 * An approval is for one run: a row that was set back to `ready` after the step had run is not believed, since the
 * chain says how far it came. Reads, and what reaches nothing outside the worker, may be repeated.
 */
async function replayed(tx: Transaction, engine: WorkerEngine, step: Step): Promise<Fault | undefined> {
  if (!isWrite(step) || engine.catalogue.find(step.operation)?.runs === 'worker') return undefined;
  const audited = await tx.auditedState(step.planId, step.id);
  if (audited !== step.state) {
    const says = `its row says ${step.state}, and the audit says ${audited ?? 'nothing'}`;
    return fault('refused', `${step.title}: ${says}.`);
  }
  if (step.state !== 'rolling-back' || (await capturedAsAudited(tx, step))) return undefined;
  return fault(
    'refused',
    `${step.title}: what it would put back is not what the audit says was there before.`,
  );
}

/** A rollback is part of what was approved; a freeze must not leave half a change behind. */
function freezeOver({ freezes }: PlanSight, step: Step, now: Date): Freeze | undefined {
  if (!isWrite(step) || step.state !== 'ready') return undefined;
  return coveringFreeze(freezes, step.place ?? step.environment, now);
}

async function hold(tx: Transaction, { plan }: PlanRecord, step: Step, freeze: Freeze): Promise<undefined> {
  // It is tried again a little later, behind what else waits.
  await tx.updateStep(step, { readyAt: tx.now });
  const note = `Held by a freeze of ${freeze.scope}: ${freeze.reason}`;
  if (plan.note === note) return;
  showCard(tx, await tx.updatePlan(plan, { note }));
  tx.audit(`plan:${plan.id}`, 'plan.held', 'reign', { freeze: freeze.id, step: step.id });
}

async function refuse(
  tx: Transaction,
  engine: WorkerEngine,
  record: PlanRecord,
  step: Step,
  refusal: Fault,
): Promise<undefined> {
  tx.audit(`plan:${step.planId}`, 'step.refused', engine.worker, { step: step.id, reason: refusal.message });
  const to = step.state === 'rolling-back' ? 'roll-back-failed' : 'failed';
  const failed = await moveStep(tx, step, to, {
    fault: refusal,
    endedAt: tx.now,
    leaseUntil: null,
    worker: null,
  });
  await progressPlan(tx, engine, replaceStep(record, failed));
}

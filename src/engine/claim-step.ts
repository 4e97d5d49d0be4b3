import { type Fault, fault } from '../domain/fault.ts';
import { coveringFreeze } from '../domain/freeze.ts';
import type { Json } from '../domain/json.ts';
import { isWrite, type Step } from '../domain/plan.ts';
import { refusalToRun } from './authorise.ts';
import { credentialRefusal } from './credentials.ts';
import type { WorkerEngine } from './engine.ts';
import { showCard, showProgress } from './entries.ts';
import { moveStep } from './moves.ts';
import type { PlanRecord, Transaction } from './ports.ts';
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
  return engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(seen.planId);
    const step = record?.steps.find(({ id }) => id === seen.id);
    if (!record || step?.version !== seen.version || record.plan.state !== 'running') return undefined;
    if (step.state !== 'ready' && step.state !== 'rolling-back') return undefined;
    // A rollback is part of what was approved; a freeze must not leave half a change behind.
    if (step.state === 'ready' && (await isHeld(tx, record, step))) return undefined;
    const refusal =
      outOfTurn(record, step) ??
      refusalToRun(engine, record) ??
      (step.state === 'ready' ? credentialRefusal(engine, step) : undefined) ??
      (await replayed(tx, engine, step));
    if (refusal) return refuse(tx, engine, record, step, refusal);
    const lease = leaseFor(engine, tx.now);
    const fields = {
      ...lease,
      attempts: step.attempts + 1,
      ...(step.startedAt ? {} : { startedAt: tx.now }),
    };
    const claimed =
      step.state === 'ready'
        ? await moveStep(
            tx,
            step,
            'running',
            { ...fields, note: null, ...(captured === undefined ? {} : { captured }) },
            { actor: engine.worker, record: { attempt: fields.attempts, input: step.input } },
          )
        : await moveStep(tx, step, 'rolling-back', fields, { actor: engine.worker });
    if (isWrite(step)) showProgress(tx, record.plan);
    return { step: claimed, record: replaceStep(record, claimed) };
  });
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
  const missing = step.needs.find((need) => steps.find(({ key }) => key === need)?.state !== 'succeeded');
  if (missing === undefined) return undefined;
  return fault('refused', `${step.title}: step "${missing}", which it needs, has not succeeded.`);
}

/**
 * An approval is for one run: a row that was set back to `ready` after the step had run is not believed, since the
 * chain says how far it came. Reads, and what reaches nothing outside the worker, may be repeated.
 */
async function replayed(tx: Transaction, engine: WorkerEngine, step: Step): Promise<Fault | undefined> {
  if (!isWrite(step) || engine.catalogue.find(step.operation)?.runs === 'worker') return undefined;
  const audited = await tx.auditedState(step.planId, step.id);
  if (audited === step.state) return undefined;
  return fault(
    'refused',
    `${step.title}: its row says ${step.state}, and the audit says ${audited ?? 'nothing'}.`,
  );
}

async function isHeld(tx: Transaction, { plan }: PlanRecord, step: Step): Promise<boolean> {
  if (!isWrite(step)) return false;
  const freeze = coveringFreeze(await tx.activeFreezes(), step.place ?? step.environment, tx.now);
  if (!freeze) return false;
  // It is tried again a little later, behind what else waits.
  await tx.updateStep(step, { readyAt: tx.now });
  const note = `Held by a freeze of ${freeze.scope}: ${freeze.reason}`;
  if (plan.note !== note) {
    showCard(tx, await tx.updatePlan(plan, { note }));
    tx.audit(`plan:${plan.id}`, 'plan.held', 'reign', { freeze: freeze.id, step: step.id });
  }
  return true;
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

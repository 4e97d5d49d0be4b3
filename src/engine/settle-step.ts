import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, toFault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { Verification } from '../domain/operation.ts';
import type { Step, StepState } from '../domain/plan.ts';
import { isWrite } from '../domain/plan.ts';
import { replaceStep } from './claim-step.ts';
import type { WorkerEngine } from './engine.ts';
import { showProgress } from './entries.ts';
import { movePlan, moveStep } from './moves.ts';
import type { StepPatch, Transaction } from './ports.ts';
import { progressPlan } from './progress-plan.ts';

export type Settlement = {
  to: StepState;
  output?: Json;
  verification?: Verification;
  fault?: Fault;
  /** The write is known not to have happened: there is nothing to put back. */
  nothingLanded?: boolean;
  /** Kept by this worker, which goes on with the step. */
  keepLease?: boolean;
};

/**
 * Records what became of a step that this worker holds, and carries its plan on, in one transaction.
 * @returns the step as it is now, or undefined when it is no longer this worker's.
 */
export async function settleStep(
  engine: WorkerEngine,
  step: Step,
  settlement: Settlement,
): Promise<Step | undefined> {
  const { output, verification, fault } = await engine.redact(settlement);
  return persistently(engine, async (tx) => {
    const record = await tx.lockPlan(step.planId);
    const current = record?.steps.find(({ id }) => id === step.id);
    if (!record || current?.version !== step.version) return undefined;
    const { to, nothingLanded, keepLease } = settlement;
    const patch: StepPatch = {
      ...(output === undefined ? {} : { output }),
      ...(verification === undefined ? {} : { verification }),
      ...(fault === undefined ? {} : { fault }),
      ...(nothingLanded ? { captured: null } : {}),
      ...(keepLease ? {} : { leaseUntil: null, worker: null, readyAt: tx.now }),
      ...(keepLease || to === 'ready' || to === 'unclear' || to === 'verifying' ? {} : { endedAt: tx.now }),
    };
    const said: { [key: string]: Json } = {
      ...(verification === undefined ? {} : { evidence: verification.evidence }),
      ...(fault === undefined ? {} : { fault: fault as unknown as Json }),
    };
    const next = await moveStep(tx, current, to, patch, { actor: engine.worker, record: said });
    const moved = replaceStep(record, next);
    if (next.endedAt) tx.afterCommit(async () => tell(engine, next));
    if (keepLease) {
      if (isWrite(next)) showProgress(tx, record.plan);
      return next;
    }
    if (to === 'ready' || to === 'unclear' || to === 'verifying') {
      tx.afterCommit(() => engine.queue.step(next.id, next.version));
      // Meanwhile the plan may have been cancelled, or another step have failed: then it must not begin again.
      if (to === 'ready') await progressPlan(tx, engine, moved);
      return next;
    }
    await progressPlan(tx, engine, moved);
    return next;
  });
}

/** A roll-back is a second run of the step, and ends as one. */
function tell({ telemetry, logger }: WorkerEngine, step: Step): void {
  const { id, planId, operation, state: outcome, startedAt, endedAt } = step;
  if (!startedAt || !endedAt) return;
  const seconds = (endedAt.getTime() - startedAt.getTime()) / 1000;
  telemetry.observe('reign_step_duration_seconds', { operation, outcome }, seconds);
  logger.info({ plan: planId, step: id, operation, outcome, seconds }, 'a step ended');
}

/** As long as a lease lasts: what a step has done must not be forgotten because Postgres is being restarted. */
async function persistently<T>(engine: WorkerEngine, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const end = Date.now() + engine.limits.leaseSeconds * 1000;
  for (;;) {
    try {
      return await engine.store.transaction(work);
    } catch (error) {
      if (toFault(error).code !== 'unreachable' || Date.now() > end) throw error;
      await delay(500);
    }
  }
}

/** Leaves a step for a person: nobody can tell whether it took effect. */
export async function giveUp(engine: WorkerEngine, step: Step, reason: string): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(step.planId);
    const current = record?.steps.find(({ id }) => id === step.id);
    if (!record || current?.version !== step.version) return;
    const fault: Fault = { code: 'internal', message: reason, retry: 'after-fix' };
    const patch = { fault, endedAt: tx.now, leaseUntil: null, worker: null };
    const next = await moveStep(tx, current, 'unclear', patch, { actor: engine.worker, record: { reason } });
    await progressPlan(tx, engine, replaceStep(record, next));
  });
}

/**
 * The world is not what the approval was given for, and nothing of the plan has been written yet: the whole plan is
 * looked at again and becomes a new revision. @returns false when something was already written.
 */
export async function lookAgain(engine: WorkerEngine, step: Step, reason: string): Promise<boolean> {
  return engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(step.planId);
    const current = record?.steps.find(({ id }) => id === step.id);
    if (!record || current?.version !== step.version || record.plan.cancelRequested) return false;
    const others = record.steps.filter(({ id }) => id !== step.id);
    if (others.some(({ state }) => state !== 'planned' && state !== 'ready')) return false;
    const cleared = { leaseUntil: null, worker: null, captured: null, startedAt: null, readyAt: null };
    await moveStep(tx, current, 'planned', cleared, { actor: engine.worker, record: { reason } });
    for (const other of others)
      if (other.state === 'ready') await moveStep(tx, other, 'planned', { readyAt: null });
    await tx.releaseLocks(step.planId);
    const fields = { note: reason, lockRequestedAt: tx.now };
    const plan = await movePlan(tx, record.plan, 'previewed', fields, engine.worker);
    tx.afterCommit(() => engine.queue.preview(plan.id, plan.version));
    return true;
  });
}

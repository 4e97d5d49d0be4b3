import { isDeferred, isWrite, type Plan, type Step, stepSettled } from '../domain/plan.ts';
import { endStateOf, isPending, nextRollbacks, readySteps, unreachableSteps } from '../domain/schedule.ts';
import { endPlan } from './end-plan.ts';
import type { Engine } from './engine.ts';
import { showProgress } from './entries.ts';
import { moveStep } from './moves.ts';
import { pausePlan } from './pause-plan.ts';
import type { PlanRecord, Transaction } from './ports.ts';

/**
 * Carries a running plan on after any of its steps moved: hands out what may run now, skips what no longer can, rolls
 * back after a failure, and ends the plan when nothing is left. The only place where steps become ready.
 */
export async function progressPlan(tx: Transaction, engine: Engine, record: PlanRecord): Promise<void> {
  const { plan } = record;
  if (plan.state !== 'running') return;
  let steps = record.steps;
  const failed = steps.some(({ state }) => failures.has(state));
  const lost = steps.some(isGivenUp);
  const halted = plan.cancelRequested || lost || (failed && plan.onFailure !== 'continue');
  if (halted) {
    steps = await withdraw(tx, steps, plan.cancelRequested ? 'cancelled' : 'skipped');
  } else {
    steps = await moveAll(tx, steps, unreachableSteps(steps), 'skipped', { endedAt: tx.now });
    steps = await handOut(
      tx,
      engine,
      steps,
      readySteps(steps).filter((step) => !isDeferred(step)),
    );
  }
  if (steps.some(isUnderWay)) return showUnderWay(tx, plan, steps);
  if (!halted && readySteps(steps).some(isDeferred)) return pausePlan(tx, engine, plan);
  const rollBack = failed && !lost && plan.onFailure === 'roll-back';
  const next = rollBack ? nextRollbacks(steps) : [];
  if (next.length > 0) {
    steps = await rollBackSteps(tx, engine, steps, next);
    return showUnderWay(tx, plan, steps);
  }
  const state = endStateOf(steps, {
    cancelled: plan.cancelRequested,
    rolledBack: rollBack && wasRolledBack(steps),
  });
  await endPlan(tx, engine, { ...record, steps }, state, outcomeInWords(state, plan, steps));
}

/** A step that was rolled back had failed, or another had. */
const failures: ReadonlySet<Step['state']> = new Set([
  'failed',
  'rejected',
  'rolling-back',
  'rolled-back',
  'roll-back-failed',
]);

/** An unclear step that nobody can clear up any more; a person has to. */
function isGivenUp(step: Step): boolean {
  return step.state === 'unclear' && step.endedAt !== undefined;
}

function isUnderWay(step: Step): boolean {
  return !stepSettled(step.state) && step.state !== 'planned' && !isGivenUp(step);
}

async function withdraw(tx: Transaction, steps: Step[], to: 'cancelled' | 'skipped'): Promise<Step[]> {
  const idle = steps.filter(({ state }) => state === 'planned' || state === 'ready');
  return moveAll(tx, steps, idle, to, { endedAt: tx.now });
}

async function handOut(tx: Transaction, engine: Engine, steps: Step[], ready: Step[]): Promise<Step[]> {
  const next = await moveAll(tx, steps, ready, 'ready', { readyAt: tx.now });
  const ids = new Set(ready.map(({ id }) => id));
  const jobs = next.filter(({ id }) => ids.has(id)).map(({ id, version }) => ({ id, version }));
  if (jobs.length > 0) tx.afterCommit(() => engine.queue.steps(jobs));
  return next;
}

async function rollBackSteps(tx: Transaction, engine: Engine, steps: Step[], next: Step[]): Promise<Step[]> {
  const patch = { readyAt: tx.now, leaseUntil: null, worker: null, note: null, endedAt: null };
  const moved = await moveAll(tx, steps, next, 'rolling-back', patch);
  const ids = new Set(next.map(({ id }) => id));
  const jobs = moved.filter(({ id }) => ids.has(id)).map(({ id, version }) => ({ id, version }));
  tx.afterCommit(() => engine.queue.steps(jobs));
  return moved;
}

async function moveAll(
  tx: Transaction,
  steps: Step[],
  which: readonly Step[],
  to: Step['state'],
  patch: Parameters<Transaction['updateStep']>[1],
): Promise<Step[]> {
  const moved = new Map<string, Step>();
  for (const step of which) moved.set(step.id, await moveStep(tx, step, to, patch));
  return steps.map((step) => moved.get(step.id) ?? step);
}

function showUnderWay(tx: Transaction, plan: Plan, steps: readonly Step[]): void {
  if (steps.some(isWrite)) showProgress(tx, plan);
}

function wasRolledBack(steps: readonly Step[]): boolean {
  return steps.some(({ state }) => state === 'rolled-back');
}

function outcomeInWords(state: Plan['state'], plan: Plan, steps: readonly Step[]): string {
  const failure = steps.find(({ fault }) => fault !== undefined)?.fault?.message;
  const because = failure === undefined ? '' : ` ${failure}`;
  switch (state) {
    case 'succeeded':
      return 'Done, and checked: everything is healthy.';
    case 'rolled-back':
      return `It failed and was rolled back; the world is as before.${because}`;
    case 'cancelled':
      return steps.some((step) => step.state === 'succeeded')
        ? 'Stopped. What was already done stays; undo puts it back.'
        : 'Stopped before anything was done.';
    case 'needs-a-person': {
      const pending = steps.filter(isPending).map(({ verification }) => verification?.evidence);
      if (pending.length > 0 && failure === undefined) return pending.join(' ');
      return `Somebody has to look: it is not known whether every step took effect.${because}`;
    }
    default:
      return plan.onFailure === 'roll-back'
        ? `It failed; nothing was left to roll back.${because}`
        : `It failed.${because}`;
  }
}

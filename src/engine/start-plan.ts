import type { Approval } from '../domain/approval.ts';
import { fault } from '../domain/fault.ts';
import { isWrite, type Plan } from '../domain/plan.ts';
import { sortTargets, targetsConflict } from '../domain/target.ts';
import type { Engine } from './engine.ts';
import { showCard, showNotice } from './entries.ts';
import { movePlan } from './moves.ts';
import { hasBegun } from './pause-plan.ts';
import type { PlanRecord, Transaction } from './ports.ts';
import { progressPlan } from './progress-plan.ts';
import { refusePart } from './refuse-part.ts';

/** Puts a plan before the people that policy names. */
export async function askForApproval(
  tx: Transaction,
  engine: Engine,
  record: PlanRecord,
  approval: Approval & { kind: 'ask' },
): Promise<void> {
  const expiresAt = new Date(tx.now.getTime() + approval.expiresAfterSeconds * 1000);
  const note = `${approval.reason}.`;
  const plan = await movePlan(tx, record.plan, 'waiting-for-approval', { expiresAt, note });
  if (plan.undoVia === 'button' || plan.undoVia === 'command') {
    tx.afterCommit(() => engine.queue.grantUndo(plan.id));
  }
  showCard(tx, plan);
  if (plan.revision > 1) {
    const why = hasBegun(record.steps)
      ? 'The first part is done, and the next can be shown now.'
      : `The world has changed since revision ${plan.revision - 1} was shown.`;
    const text = `${why} This is revision ${plan.revision}; it needs a new approval.`;
    showNotice(tx, plan, `revision-${plan.revision}`, text);
  }
}

/**
 * Starts a plan that needs no (more) approval: takes the locks on all its targets or queues for them, first come
 * first served, and hands out the first steps.
 */
export async function startPlan(tx: Transaction, engine: Engine, record: PlanRecord): Promise<void> {
  const { plan } = record;
  const waiting =
    plan.state === 'waiting-for-lock'
      ? plan
      : await movePlan(tx, plan, 'waiting-for-lock', { lockRequestedAt: plan.lockRequestedAt ?? tx.now });
  const taken = await takeLocks(tx, { ...record, plan: waiting });
  if (!taken.ok && hasBegun(record.steps)) {
    // It holds locks already: to wait for more could be to wait for each other.
    const reason = `${taken.target} is held by plan ${taken.holder}; this plan cannot go on.`;
    return refusePart(tx, engine, { ...record, plan: waiting }, fault('conflict', reason));
  }
  if (!taken.ok) {
    const held = await tx.updatePlan(waiting, {
      note: `Waiting for ${taken.target}, which plan ${taken.holder} holds.`,
    });
    tx.audit(`plan:${plan.id}`, 'plan.waits', 'reign', { holder: taken.holder, target: taken.target });
    showCard(tx, held);
    return;
  }
  const running = await movePlan(tx, waiting, 'running', {
    startedAt: plan.startedAt ?? tx.now,
    note: '',
  });
  const waited = waiting.lockRequestedAt ? tx.now.getTime() - waiting.lockRequestedAt.getTime() : 0;
  if (plan.startedAt === undefined)
    tx.afterCommit(async () =>
      engine.telemetry.observe('reign_lock_wait_seconds', {}, Math.max(0, waited) / 1000),
    );
  if (record.steps.some(isWrite)) showCard(tx, running);
  await progressPlan(tx, engine, { ...record, plan: running });
}

type Taken = { ok: true } | { ok: false; holder: string; target: string };

/** All locks of a plan or none. A plan that came earlier and waits for one of them goes first. */
export async function takeLocks(tx: Transaction, { plan, steps }: PlanRecord): Promise<Taken> {
  const targets = sortTargets(steps.filter(isWrite).flatMap((step) => step.targets));
  if (targets.length === 0) return { ok: true };
  await tx.serialiseLocks();
  const held = await tx.locksOn(targets);
  const foreign = held.find(({ planId }) => planId !== plan.id);
  if (foreign) return { ok: false, holder: foreign.planId, target: foreign.target };
  const mine = new Set(held.map(({ target }) => target));
  const missing = targets.filter((target) => !mine.has(target));
  if (missing.length === 0) return { ok: true };
  // Who waits for what this plan holds gets nothing before it has ended, whatever they came for.
  for (const waiter of hasBegun(steps) ? [] : await tx.lockWaiters()) {
    if (!cameEarlier(waiter, plan)) continue;
    const target = targets.find((mine) => waiter.targets.some((their) => targetsConflict(their, mine)));
    if (target) return { ok: false, holder: waiter.planId, target };
  }
  await tx.insertLocks(plan.id, missing);
  tx.audit(`plan:${plan.id}`, 'plan.locked', 'reign', { targets: missing });
  return { ok: true };
}

function cameEarlier(waiter: { planId: string; since: Date }, plan: Plan): boolean {
  const [theirs, ours] = [waiter.since.getTime(), plan.lockRequestedAt?.getTime() ?? 0];
  return waiter.planId !== plan.id && (theirs < ours || (theirs === ours && waiter.planId < plan.id));
}

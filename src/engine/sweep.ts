import { toFault } from '../domain/fault.ts';
import { endPlan } from './end-plan.ts';
import type { Engine } from './engine.ts';
import { showNotice } from './entries.ts';
import { moveStep } from './moves.ts';
import { wakeWaiters } from './wake-waiters.ts';

/** How long something may wait before the sweep hands it out again, in milliseconds. */
const patience = { messageAgeMs: 3_000, readyAgeMs: 5_000 };

/**
 * Drives from Postgres what the queue may have lost: messages nobody took, steps nobody claimed, steps whose worker
 * was lost, plans that waited too long. Runs in every process; doing it twice changes nothing.
 */
export async function sweep(engine: Engine): Promise<void> {
  const emptied = await engine.queue.wasEmptied().catch(() => false);
  const due = await engine.store.queries.due({
    now: engine.clock.now(),
    messageAgeMs: emptied ? 0 : patience.messageAgeMs,
    readyAgeMs: emptied ? 0 : patience.readyAgeMs,
    leaseGraceMs: engine.limits.leaseGraceSeconds * 1000,
    limit: emptied ? 50_000 : 500,
  });
  for (const planId of due.expired) await alone(engine, planId, expire(engine, planId));
  for (const planId of due.overdueReviews) await alone(engine, planId, remindOfReview(engine, planId));
  for (const { id, planId } of due.lostSteps) await alone(engine, planId, markLost(engine, planId, id));
  for (const { id, state } of due.messages) {
    await (state === 'received' ? engine.queue.message(id) : engine.queue.prepare(id));
  }
  for (const { id, state } of due.investigations) {
    await (state === 'thinking' ? engine.queue.think(id, -1) : engine.queue.look(id, -1));
  }
  if (due.steps.length > 0) await engine.queue.steps(due.steps);
  for (const planId of due.stalledPlans) await engine.queue.preview(planId, -1);
  for (const planId of due.ungrantedUndos) await engine.queue.grantUndo(planId);
  if (due.lockWaiters.length > 0) await wakeWaiters(engine);
}

/** What goes wrong with one plan must not keep all others from being swept. */
async function alone(engine: Engine, planId: string, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) =>
    engine.logger.warn({ plan: planId, error: toFault(error).message }, 'a plan could not be swept'),
  );
}

async function expire(engine: Engine, planId: string): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(planId);
    if (record?.plan.state !== 'waiting-for-approval') return;
    if (!record.plan.expiresAt || record.plan.expiresAt > tx.now) return;
    await endPlan(tx, engine, record, 'expired', 'Nobody decided in time. Ask for it again.');
  });
}

/** A step whose lease and grace are over is nobody's any more: whether its write landed has to be found out. */
async function markLost(engine: Engine, planId: string, stepId: string): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(planId);
    const step = record?.steps.find(({ id }) => id === stepId);
    const grace = engine.limits.leaseGraceSeconds * 1000;
    if (!step?.leaseUntil || step.leaseUntil.getTime() + grace > tx.now.getTime()) return;
    const free = { leaseUntil: null, worker: null, readyAt: tx.now };
    const lost = { lost: step.worker ?? '' };
    const next =
      step.state === 'running'
        ? await moveStep(tx, step, 'unclear', free, { record: lost })
        : await tx.updateStep(step, free);
    tx.audit(`plan:${planId}`, 'step.lost', 'reign', { step: stepId, state: step.state, ...lost });
    tx.afterCommit(async () => engine.telemetry.count('reign_steps_lost_total', {}));
    tx.afterCommit(() => engine.queue.step(next.id, next.version));
  });
}

async function remindOfReview(engine: Engine, planId: string): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const { plan } = (await tx.lockPlan(planId)) ?? {};
    if (plan?.review?.state !== 'open' || Date.parse(plan.review.dueAt) > tx.now.getTime()) return;
    const overdue = await tx.updatePlan(plan, { review: { ...plan.review, state: 'overdue' } });
    tx.audit(`plan:${planId}`, 'review.overdue', 'reign', { by: plan.review.by, dueAt: plan.review.dueAt });
    const text = `${plan.review.by} ran ${planId} alone, and nobody has reviewed it within a day. Review it: \`reign plan review ${planId} approve|reject\`.`;
    showNotice(tx, overdue, 'review-overdue', text);
  });
}

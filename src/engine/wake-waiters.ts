import type { Engine } from './engine.ts';
import { showCard } from './entries.ts';
import { takeLocks } from './start-plan.ts';

/** Gives each plan that waits for locks its turn, first come first served; who gets them is previewed again. */
export async function wakeWaiters(engine: Engine): Promise<void> {
  const { lockWaiters } = await engine.store.queries.due({
    now: engine.clock.now(),
    messageAgeMs: 0,
    readyAgeMs: 0,
    leaseGraceMs: 0,
    limit: 200,
  });
  for (const planId of lockWaiters) await wakeWaiter(engine, planId);
}

/** Takes the locks of one waiting plan when they are free, and has its world looked at again. */
export async function wakeWaiter(engine: Engine, planId: string): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(planId);
    if (record?.plan.state !== 'waiting-for-lock') return;
    const taken = await takeLocks(tx, record);
    const note = taken.ok
      ? 'Its turn has come; looking at the world again.'
      : `Waiting for ${taken.target}, which plan ${taken.holder} holds.`;
    if (note !== record.plan.note) showCard(tx, await tx.updatePlan(record.plan, { note }));
    if (taken.ok) tx.afterCommit(() => engine.queue.preview(planId, record.plan.version));
  });
}

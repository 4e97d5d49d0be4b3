import type { Fault } from '../domain/fault.ts';
import type { Step } from '../domain/plan.ts';
import type { Engine } from './engine.ts';
import { movePlan, moveStep } from './moves.ts';
import type { PlanRecord, Transaction } from './ports.ts';
import { progressPlan } from './progress-plan.ts';

/** Ends a plan that cannot go on in the middle the way it said it would: what it has done is rolled back or stays. */
export async function refusePart(
  tx: Transaction,
  engine: Engine,
  record: PlanRecord,
  fault: Fault,
): Promise<void> {
  const { plan } = record;
  const waiting = plan.state === 'waiting-for-lock' ? plan : await movePlan(tx, plan, 'waiting-for-lock');
  const running = await movePlan(tx, waiting, 'running', { note: '' });
  const steps: Step[] = [];
  for (const step of record.steps) {
    const open = step.state === 'planned';
    steps.push(open ? await moveStep(tx, step, 'rejected', { fault, endedAt: tx.now }) : step);
  }
  await progressPlan(tx, engine, { ...record, plan: running, steps });
}

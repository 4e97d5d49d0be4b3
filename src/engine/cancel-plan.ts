import { FaultError } from '../domain/fault.ts';
import { roleRank, rolesAt } from '../domain/person.ts';
import { planEnded } from '../domain/plan.ts';
import { endPlan } from './end-plan.ts';
import type { Engine } from './engine.ts';
import { showCard } from './entries.ts';
import { hasBegun } from './pause-plan.ts';
import type { PlanRecord } from './ports.ts';
import { progressPlan } from './progress-plan.ts';

/**
 * Stops a plan: at once when it has not begun; else what runs finishes, and nothing more starts.
 * Its authors may, and leads where it acts. Throws FaultError.
 */
export async function cancelPlan(engine: Engine, planId: string, person: string): Promise<{ state: string }> {
  return engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(planId);
    if (!record) throw new FaultError('not-found', `There is no plan ${planId}.`);
    const { plan } = record;
    if (planEnded(plan.state)) {
      throw new FaultError(
        'conflict',
        `Plan ${planId} has already ended: ${plan.state.replaceAll('-', ' ')}.`,
      );
    }
    if (!mayCancel(engine, record, person)) {
      throw new FaultError(
        'not-allowed',
        `Plan ${planId} is ${plan.requester}'s; they or a lead can cancel it.`,
      );
    }
    tx.audit(`plan:${planId}`, 'plan.cancel-requested', person, { state: plan.state });
    if (plan.state !== 'running') {
      const when = hasBegun(record.steps) ? '' : ' before it began';
      await endPlan(tx, engine, record, 'cancelled', `${person} cancelled it${when}.`, person);
      return { state: 'cancelled' };
    }
    const marked = await tx.updatePlan(plan, { cancelRequested: true, note: `${person} asked to stop it.` });
    showCard(tx, marked);
    await progressPlan(tx, engine, { ...record, plan: marked });
    return { state: 'running' };
  });
}

function mayCancel(engine: Engine, { plan, steps }: PlanRecord, name: string): boolean {
  if (plan.authors.includes(name)) return true;
  const person = engine.people.find(name);
  if (!person) return false;
  return steps.every((step) =>
    rolesAt(person, step.place ?? step.environment ?? '').some((role) => roleRank[role] >= roleRank.lead),
  );
}

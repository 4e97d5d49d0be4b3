import type { DecisionVia } from '../domain/approval.ts';
import type { Plan } from '../domain/plan.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';
import type { Engine } from './engine.ts';
import { showNotice } from './entries.ts';
import type { Transaction } from './ports.ts';

/** How long others have to look at what somebody ran alone, in milliseconds. */
const reviewWithin = 24 * 3_600_000;

/**
 * Why a person may not run these acts alone in an emergency, in words; undefined when they may. Who is on call is the
 * gateway's to know, at the moment of the decision, and comes on top.
 */
export function glassRefusal(engine: Engine, acts: readonly PolicyAct[], name: string): string | undefined {
  const person = engine.people.find(name);
  if (!person) return `${name} is not known to Reign.`;
  if (!engine.policy.breaksGlass(acts)) {
    return 'Not every operation of this plan is on the break-glass list (policy.breakGlass in reign.yaml).';
  }
  const judged = engine.policy.judgePlan(acts, [person]);
  return judged.outcome === 'deny' ? judged.reason : undefined;
}

/** Tells everybody at once, and leaves the approval open for review. */
export async function announceGlass(
  tx: Transaction,
  plan: Plan,
  { person, reason }: { person: string; reason: string },
): Promise<Plan> {
  const dueAt = new Date(tx.now.getTime() + reviewWithin).toISOString();
  tx.audit(`plan:${plan.id}`, 'glass.broken', person, { reason, reviewDueAt: dueAt });
  const text = `${person} broke the glass: "${reason}". ${plan.id} runs now, approved by nobody else. Somebody must review it by ${dueAt}.`;
  showNotice(tx, plan, 'glass', text);
  return tx.updatePlan(plan, { review: { by: person, dueAt, state: 'open' } });
}

/** Decisions that look at what has already run; they let nothing run. */
export function isReview(via: DecisionVia): boolean {
  return via === 'review';
}

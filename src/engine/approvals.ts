import type { Person } from '../domain/person.ts';
import { planEnded, reviewDue } from '../domain/plan.ts';
import { actsOf } from './acts.ts';
import { mayDecide } from './authorise.ts';
import { isReview } from './break-glass.ts';
import type { Engine } from './engine.ts';
import type { PlanRecord } from './ports.ts';
import { visiblePlans } from './visibility.ts';

/** Plans that are looked through. */
const most = 200;

export type Waiting = {
  /** Plans that wait for this person's decision. */
  decide: PlanRecord[];
  /** Plans that somebody ran alone, and that this person may say something of. */
  review: PlanRecord[];
};

/** What waits for a person. */
export async function approvalsFor(engine: Engine, person: Person): Promise<Waiting> {
  const waiting = await visiblePlans(engine, person, { limit: most, state: 'waiting-for-approval' });
  const recent = await visiblePlans(engine, person, { limit: most, underReview: true });
  return {
    decide: waiting.filter((record) => waitsFor(engine, record, person.name)),
    review: recent.filter((record) => reviewWaitsFor(engine, record, person.name)),
  };
}

/** Whether a plan waits for this person, who has not decided yet. */
export function waitsFor(engine: Engine, record: PlanRecord, name: string): boolean {
  const { plan, decisions } = record;
  if (plan.state !== 'waiting-for-approval') return false;
  if (decisions.some(({ person, revision }) => person === name && revision === plan.revision)) return false;
  return couldApprove(engine, record, name);
}

function reviewWaitsFor(engine: Engine, record: PlanRecord, name: string): boolean {
  const { plan, decisions } = record;
  if (!reviewDue(plan.review) || !planEnded(plan.state) || plan.review.by === name) return false;
  if (decisions.some(({ person, via }) => person === name && isReview(via))) return false;
  return couldApprove(engine, record, name);
}

function couldApprove(engine: Engine, record: PlanRecord, name: string): boolean {
  const { approval } = record.plan;
  if (approval.kind !== 'ask') return false;
  try {
    return mayDecide(engine, record, actsOf(engine, record.steps), approval, name) === undefined;
  } catch {
    return false;
  }
}

import type { Person } from '../../domain/person.ts';
import type { Home } from '../../domain/ports/chat-platform.ts';
import { actsOf } from '../acts.ts';
import { mayDecide } from '../authorise.ts';
import { planCard } from '../card.ts';
import type { GatewayEngine } from '../engine.ts';
import type { PlanRecord } from '../ports.ts';
import { visiblePlans } from '../visibility.ts';

/** Plans of each list that are looked at. */
const most = 20;

/** What waits for a person's decision, what they asked for, and what runs now. */
export async function homeOf(engine: GatewayEngine, person: Person): Promise<Home> {
  const records = await visiblePlans(engine, person, { limit: 100 });
  const cards = (which: (record: PlanRecord) => boolean) =>
    records
      .filter(which)
      .slice(0, most)
      .map((record) => planCard(engine, record));
  return {
    name: person.name,
    decide: cards((record) => waitsFor(engine, record, person.name)),
    mine: cards(({ plan }) => plan.requester === person.name),
    running: cards(({ plan }) => plan.state === 'running'),
  };
}

/** Whether a plan waits for this person, who has not decided yet. */
export function waitsFor(engine: GatewayEngine, record: PlanRecord, name: string): boolean {
  const { plan, decisions } = record;
  if (plan.state !== 'waiting-for-approval' || plan.approval.kind !== 'ask') return false;
  if (decisions.some(({ person, revision }) => person === name && revision === plan.revision)) return false;
  try {
    return mayDecide(engine, record, actsOf(engine, record.steps), plan.approval, name) === undefined;
  } catch {
    return false;
  }
}

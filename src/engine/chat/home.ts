import type { Person } from '../../domain/person.ts';
import type { Home } from '../../domain/ports/chat-platform.ts';
import { waitsFor } from '../approvals.ts';
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

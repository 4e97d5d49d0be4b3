import { FaultError } from '../domain/fault.ts';
import type { Person } from '../domain/person.ts';
import { actOf } from './acts.ts';
import type { Engine } from './engine.ts';
import type { PlanFilter, TrailFilter } from './filters.ts';
import type { PlanRecord, TrailEntry } from './ports.ts';

/** Pages that are looked through for one page of what somebody may see. */
const mostLooks = 20;

type Needed = Pick<Engine, 'catalogue' | 'environments' | 'policy'>;

/** Whether a person may see a plan: they had a hand in it, or policy lets them read everywhere it acts. */
export function maySeePlan(engine: Needed, { plan, steps }: PlanRecord, person: Person): boolean {
  if (plan.requester === person.name || plan.authors.includes(person.name)) return true;
  return steps.every((step) => {
    try {
      return engine.policy.judge({ ...actOf(engine, step), effect: 'read' }, [person]).kind !== 'deny';
    } catch {
      // An operation or an input that this Reign does not know: only who may see everything sees it.
      return maySeeEverything(person);
    }
  });
}

/** A plan as a person may see it. Throws FaultError `not-found`, also where they may not. */
export async function visiblePlan(
  engine: Needed & Pick<Engine, 'store'>,
  id: string,
  person: Person,
): Promise<PlanRecord> {
  const record = await engine.store.queries.plan(id);
  if (record && maySeePlan(engine, record, person)) return record;
  throw new FaultError('not-found', `There is no plan ${id}.`);
}

/** A plan as people name it, with or without its `p-`; undefined when there is none that the person may see. */
export async function namedPlan(
  engine: Needed & Pick<Engine, 'store'>,
  id: string,
  person: Person,
): Promise<PlanRecord | undefined> {
  const record = (await engine.store.queries.plan(id)) ?? (await engine.store.queries.plan(`p-${id}`));
  return record && maySeePlan(engine, record, person) ? record : undefined;
}

/** The plans of a list that a person may see. What is hidden from them takes no place in it. */
export async function visiblePlans(
  engine: Needed & Pick<Engine, 'store'>,
  person: Person,
  filter: PlanFilter,
): Promise<PlanRecord[]> {
  const { queries } = engine.store;
  const seen: PlanRecord[] = [];
  let { after } = filter;
  for (let look = 0; look < mostLooks && seen.length < filter.limit; look += 1) {
    const plans = await queries.plans({ ...filter, ...(after ? { after } : {}) });
    const records = await Promise.all(plans.map(({ id }) => queries.plan(id)));
    const known = records.filter((record) => record !== undefined);
    seen.push(...known.filter((record) => maySeePlan(engine, record, person)));
    after = plans.at(-1);
    if (plans.length < filter.limit) break;
  }
  return seen.slice(0, filter.limit);
}

/** Whether a person's rights are bound to no place: what belongs to no plan (access, freezes, exports) is theirs to see. */
export function maySeeEverything(person: Person): boolean {
  return person.roles.some(({ scope }) => scope === undefined);
}

/**
 * Whether a person may read and join a conversation: it is theirs, or they may see every plan in it. One without a plan
 * tells nobody which places it is about: only those see it who spoke in it, or see everything.
 */
export async function maySeeConversation(
  engine: Needed & Pick<Engine, 'store'>,
  conversation: { id: string; createdBy: string },
  person: Person,
): Promise<boolean> {
  if (conversation.createdBy === person.name || maySeeEverything(person)) return true;
  const plans = await engine.store.queries.plans({ conversationId: conversation.id, limit: 1000 });
  if (plans.length === 0) return engine.store.queries.hasSpoken(conversation.id, person.name);
  for (const { id } of plans) {
    const record = await engine.store.queries.plan(id);
    if (record && !maySeePlan(engine, record, person)) return false;
  }
  return true;
}

/** The history as a person may see it: events of plans that they may see, and the rest for whom nothing is hidden. */
export async function visibleTrail(
  engine: Needed & Pick<Engine, 'store'>,
  person: Person,
  filter: TrailFilter,
): Promise<TrailEntry[]> {
  return (await trailPage(engine, person, filter)).events;
}

/** A page of it. `next` names the last event of it, which is all that tells where the next page begins. */
export async function trailPage(
  engine: Needed & Pick<Engine, 'store'>,
  person: Person,
  filter: TrailFilter,
): Promise<{ events: TrailEntry[]; next?: NonNullable<TrailFilter['after']> }> {
  const { limit } = filter;
  const events: TrailEntry[] = [];
  let after = filter.after;
  let more = true;
  for (let look = 0; look < mostLooks && more && events.length < limit; look += 1) {
    const found = await engine.store.queries.auditTrail({ ...filter, ...(after ? { after } : {}) });
    events.push(...(await visibleOf(engine, person, found)));
    after = found.at(-1);
    more = found.length === limit;
  }
  const page = events.slice(0, limit);
  // Where nothing was found in all these looks, the next page goes on behind them.
  const last = page.length === limit ? page.at(-1) : more ? after : undefined;
  return { events: page, ...(last ? { next: { at: last.at, chain: last.chain, seq: last.seq } } : {}) };
}

async function visibleOf(
  engine: Needed & Pick<Engine, 'store'>,
  person: Person,
  events: TrailEntry[],
): Promise<TrailEntry[]> {
  if (maySeeEverything(person)) return events;
  const seen = new Map<string, boolean>();
  for (const { chain } of events) {
    if (seen.has(chain)) continue;
    const record = chain.startsWith('plan:')
      ? await engine.store.queries.plan(chain.slice('plan:'.length))
      : undefined;
    seen.set(chain, record !== undefined && maySeePlan(engine, record, person));
  }
  return events.filter(({ chain }) => seen.get(chain));
}

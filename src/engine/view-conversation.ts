import type { ChatBody, ChatEntry } from '../domain/chat.ts';
import type { Person } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';
import { planCard } from './card.ts';
import type { Engine } from './engine.ts';
import type { AnswerOptions } from './entries.ts';
import type { PlanRecord, Queries } from './ports.ts';
import { maySeeConversation, maySeeEverything, maySeePlan } from './visibility.ts';

export type StoredView = Awaited<ReturnType<Queries['entries']>>[number];

/** A conversation as one person may see it, oldest first. What is for somebody else alone,
 * and plans that they may not see, are left out. */
export async function viewConversation(
  engine: Engine,
  conversationId: string,
  person: string,
  after?: ReadonlyMap<string, number>,
): Promise<ChatEntry[]> {
  const viewer = engine.people.find(person);
  const conversation = await engine.store.queries.conversation(conversationId);
  if (!viewer || !conversation || !(await maySeeConversation(engine, conversation, viewer))) return [];
  const stored = await engine.store.queries.entries(conversationId);
  const fresh = stored.filter(({ key, seq, onlyFor }) => {
    return (onlyFor === undefined || onlyFor === person) && (after?.get(key) ?? 0) < seq;
  });
  const entries = await Promise.all(fresh.map((entry) => viewEntry(engine, entry, viewer)));
  return entries.filter((entry) => entry !== undefined);
}

async function viewEntry(engine: Engine, stored: StoredView, viewer: Person): Promise<ChatEntry | undefined> {
  const { planId } = stored;
  const about = planId === undefined ? undefined : await engine.store.queries.plan(planId);
  if (about && !maySeePlan(engine, about, viewer)) return undefined;
  const { acts = [] } = stored.body as { acts?: PolicyAct[] };
  if (acts.some((act) => engine.policy.judge({ ...act, effect: 'read' }, [viewer]).kind === 'deny'))
    return undefined;
  if (!(await maySeeShown(engine, stored, viewer))) return undefined;
  return drawEntry(engine, stored, about);
}

async function maySeeShown(engine: Engine, { body }: StoredView, viewer: Person): Promise<boolean> {
  const { shows } = body as { shows?: NonNullable<AnswerOptions['shows']> };
  if (shows === undefined || maySeeEverything(viewer)) return true;
  if (shows.everything) return false;
  const records = await Promise.all(shows.plans.map((id) => engine.store.queries.plan(id)));
  return records.every((record) => record !== undefined && maySeePlan(engine, record, viewer));
}

/** An entry as it is to be shown, whoever looks: who may is for the caller to know. */
export async function drawEntry(
  engine: Engine,
  { key, seq, at, kind, planId, body: stored, onlyFor }: StoredView,
  known?: PlanRecord,
): Promise<ChatEntry | undefined> {
  const wanted = drawn.has(kind) && planId !== undefined;
  const plan = wanted ? (known ?? (await engine.store.queries.plan(planId))) : undefined;
  if (drawn.has(kind) && !plan) return undefined;
  const { acts: _, shows: __, ...shown } = stored as Record<string, unknown>;
  const body = {
    kind,
    ...shown,
    ...(kind === 'answer' ? { private: onlyFor !== undefined } : {}),
    ...(plan ? { plan: planCard(engine, plan) } : planId === undefined ? {} : { planId }),
  };
  return { key, seq, at: at.toISOString(), body: body as unknown as ChatBody };
}

/** Kinds whose body is drawn from the plan's own rows. */
const drawn: ReadonlySet<string> = new Set(['plan', 'progress', 'final']);

import type { ChatBody, ChatEntry } from '../domain/chat.ts';
import type { Person } from '../domain/person.ts';
import { planCard } from './card.ts';
import type { Engine } from './engine.ts';
import type { Queries } from './ports.ts';
import { maySeeConversation, maySeePlan } from './visibility.ts';

type Stored = Awaited<ReturnType<Queries['entries']>>[number];

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

async function viewEntry(engine: Engine, stored: Stored, viewer: Person): Promise<ChatEntry | undefined> {
  const { key, seq, at, kind, planId } = stored;
  const fields = stored.body as Record<string, unknown>;
  const base = { key, seq, at: at.toISOString() };
  const about = planId === undefined ? undefined : await engine.store.queries.plan(planId);
  if (about && !maySeePlan(engine, about, viewer)) return undefined;
  const plan = drawn.has(kind) ? about : undefined;
  if (drawn.has(kind) && !plan) return undefined;
  const body = {
    kind,
    ...fields,
    ...(kind === 'answer' ? { private: stored.onlyFor !== undefined } : {}),
    ...(plan ? { plan: planCard(engine, plan) } : planId === undefined ? {} : { planId }),
  };
  return { ...base, body: body as unknown as ChatBody };
}

/** Kinds whose body is drawn from the plan's own rows. */
const drawn: ReadonlySet<string> = new Set(['plan', 'progress', 'final']);

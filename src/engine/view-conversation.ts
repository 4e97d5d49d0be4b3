import type { ChatBody, ChatEntry } from '../domain/chat.ts';
import { planCard } from './card.ts';
import type { Engine } from './engine.ts';
import type { Queries } from './ports.ts';

type Stored = Awaited<ReturnType<Queries['entries']>>[number];

/** A conversation as one person may see it, oldest first. What is for somebody else alone is left out. */
export async function viewConversation(
  engine: Engine,
  conversationId: string,
  person: string,
  after?: ReadonlyMap<string, number>,
): Promise<ChatEntry[]> {
  const stored = await engine.store.queries.entries(conversationId);
  const fresh = stored.filter(({ key, seq, onlyFor }) => {
    return (onlyFor === undefined || onlyFor === person) && (after?.get(key) ?? 0) < seq;
  });
  const entries = await Promise.all(fresh.map((entry) => viewEntry(engine, entry)));
  return entries.filter((entry) => entry !== undefined);
}

async function viewEntry(engine: Engine, stored: Stored): Promise<ChatEntry | undefined> {
  const { key, seq, at, kind, planId } = stored;
  const fields = stored.body as Record<string, unknown>;
  const base = { key, seq, at: at.toISOString() };
  const plan = planId !== undefined && drawn.has(kind) ? await engine.store.queries.plan(planId) : undefined;
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

import { type Investigation, nothingSpent } from '../../domain/investigation.ts';
import type { Said } from '../../domain/ports/thinker.ts';
import type { GatewayEngine, LlmParts } from '../engine.ts';
import { replyKey } from '../entries.ts';
import type { Message } from '../ports.ts';
import { followUpWords } from './follow-up.ts';

/** What was said before that a model is told, and the characters of each. */
const mostSaid = 12;
const longestSaid = 2_000;

/**
 * Hands a message to the planner with a language model.
 * @returns why not, in words; empty where there simply is no model.
 */
export async function beginInvestigation(
  engine: GatewayEngine,
  message: Message,
): Promise<string | undefined> {
  const { llm } = engine;
  if (!llm) return '';
  const now = engine.clock.now();
  const spentUp = await dailyRefusal(engine, llm, message.person);
  if (spentUp) return spentUp;
  const earlier = await saidBefore(engine, message);
  const about =
    message.followUp === undefined ? undefined : await engine.store.queries.plan(message.followUp);
  const follow = about && followUpWords(about);
  const speakers = earlier.flatMap(({ person }) => (person === undefined ? [] : [person]));
  const words = earlier.flatMap(({ person, text }) => (person === undefined ? [] : [text]));
  const { id, conversationId, person } = message;
  const text = follow?.text ?? message.text;
  if (follow) earlier.push({ who: 'Reign', text: follow.facts });
  const masked = {
    text: await llm.mask(text),
    earlier: await Promise.all(earlier.map(async ({ who, text }) => ({ who, text: await llm.mask(text) }))),
  };
  const investigation: Investigation = {
    id,
    conversationId,
    person,
    // Whoever is quoted to the model has a hand in what comes of it.
    authors: [...new Set([...message.authors, ...speakers])],
    // What Reign itself asks is nobody's words.
    words: follow ? words : [text, ...words],
    state: 'thinking',
    version: 1,
    transcript: llm.thinker.begin({ ...masked, person, environments: engine.environments, now }),
    looks: [],
    looked: [],
    spent: nothingSpent,
    repairs: 0,
    failures: 0,
    model: llm.thinker.model,
    prompts: llm.thinker.prompts,
    startedAt: now,
    touchedAt: now,
  };
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(id);
    if (current?.state !== 'received') return;
    await tx.insertInvestigation(investigation);
    await tx.updateMessage(id, { state: 'investigating', authors: investigation.authors });
    tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text: 'Thinking about it…' } });
    const { model, prompts } = investigation;
    tx.audit('messages', 'investigation.begun', person, { message: id, model, prompts });
    tx.afterCommit(() => engine.queue.think(id, 1));
  });
  return undefined;
}

/** Days are those of UTC. */
async function dailyRefusal(
  { store, clock }: GatewayEngine,
  { daily }: LlmParts,
  person: string,
): Promise<string | undefined> {
  const today = new Date(`${clock.now().toISOString().slice(0, 10)}T00:00:00Z`);
  const [own, all] = await Promise.all([
    store.queries.spentSince(today, person),
    store.queries.spentSince(today),
  ]);
  const rest = 'It begins anew at 00:00 UTC; requests that need no language model go on working.';
  if (own >= daily.person)
    return `Your budget for the language model is used up for today (${usd(own)} of ${usd(daily.person)}). ${rest}`;
  if (all >= daily.all)
    return `Everybody's budget for the language model is used up for today (${usd(all)} of ${usd(daily.all)}). ${rest}`;
  return undefined;
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

/** What people said in the thread, and what Reign answered; `person` is absent for the latter. */
async function saidBefore(
  { store, people }: GatewayEngine,
  message: Message,
): Promise<(Said & { person?: string })[]> {
  const entries = await store.queries.entries(message.conversationId);
  const said = entries.flatMap(({ key, kind, body, onlyFor }) => {
    if (key === message.id || (onlyFor !== undefined && onlyFor !== message.person)) return [];
    if (kind === 'said') {
      const { person, text } = body as { person: string; text: string };
      return people.find(person) ? [{ who: person, text, person }] : [];
    }
    const text = kind === 'answer' ? textOf(body as { content?: unknown }) : undefined;
    return text === undefined ? [] : [{ who: 'Reign', text }];
  });
  return said.slice(-mostSaid).map((each) => ({ ...each, text: each.text.slice(0, longestSaid) }));
}

function textOf({ content }: { content?: unknown }): string | undefined {
  const { kind, text, lines } = (content ?? {}) as { kind?: string; text?: string; lines?: string[] };
  if (kind === 'text') return text;
  return kind === 'lines' ? lines?.join('\n') : undefined;
}

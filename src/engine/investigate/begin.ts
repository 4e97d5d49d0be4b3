import { type Investigation, nothingSpent } from '../../domain/investigation.ts';
import type { Rendered } from '../../domain/operation.ts';
import type { Said } from '../../domain/ports/thinker.ts';
import type { GatewayEngine, LlmParts } from '../engine.ts';
import { replyKey } from '../entries.ts';
import type { Message, Spending } from '../ports.ts';
import { viewConversation } from '../view-conversation.ts';
import { alertWords, followUpWords } from './follow-up.ts';

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
  const earlier = await saidBefore(engine, message);
  const about =
    message.followUp === undefined ? undefined : await engine.store.queries.plan(message.followUp);
  const follow = message.alert !== undefined && !about ? alertWords(message) : about && followUpWords(about);
  const speakers = earlier.flatMap(({ person }) => (person === undefined ? [] : [person]));
  // Words of others are quoted to the model, and make them authors; only one's own choose what is changed.
  const own = new Set(message.authors);
  const words = earlier.flatMap(({ person, text }) =>
    person !== undefined && own.has(person) ? [text] : [],
  );
  const quoted = earlier.some((each) => each.private);
  const { id, conversationId, person } = message;
  const text = follow?.text ?? message.text;
  if (follow) earlier.push({ who: about ? 'Reign' : 'The monitoring', text: follow.facts });
  const masked = {
    text: await engine.mask(text),
    earlier: await Promise.all(
      earlier.map(async ({ who, text }) => ({ who, text: await engine.mask(text) })),
    ),
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
    looked: quoted ? [{ operation: 'thread', request: {}, ok: false, private: true }] : [],
    spent: nothingSpent,
    repairs: 0,
    failures: 0,
    model: llm.thinker.model,
    prompts: llm.thinker.prompts,
    startedAt: now,
    touchedAt: now,
  };
  return engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(id);
    if (current?.state !== 'received') return undefined;
    const spentUp = dailyRefusal(await tx.spending(today(now), llm.budget.usd, person), llm);
    if (spentUp) return spentUp;
    await tx.insertInvestigation(investigation);
    await tx.updateMessage(id, { state: 'investigating', authors: investigation.authors });
    tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text: 'Thinking about it…' } });
    const { model, prompts } = investigation;
    tx.audit('messages', 'investigation.begun', person, { message: id, model, prompts });
    tx.afterCommit(() => engine.queue.think(id, 1));
    return undefined;
  });
}

/** Days are those of UTC. */
function today(now: Date): Date {
  return new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
}

/** Investigations of one person that may be under way at once. */
const mostAtOnce = 5;

function dailyRefusal({ own, all, open }: Spending, { daily }: LlmParts): string | undefined {
  const rest = 'It begins anew at 00:00 UTC; requests that need no language model go on working.';
  if (open >= mostAtOnce)
    return `${open} of your questions are being worked on. Wait until one of them has an answer.`;
  if (own >= daily.person)
    return `Your budget for the language model is used up for today (${usd(own)} of ${usd(daily.person)}). ${rest}`;
  if (all >= daily.all)
    return `Everybody's budget for the language model is used up for today (${usd(all)} of ${usd(daily.all)}). ${rest}`;
  return undefined;
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

type Before = Said & { person?: string; private?: true };

/** What people said in the thread, and what Reign answered, as far as the asker may see it. */
async function saidBefore(engine: GatewayEngine, message: Message): Promise<Before[]> {
  const entries = await viewConversation(engine, message.conversationId, message.person);
  const said = entries.flatMap(({ key, body }): Before[] => {
    if (key === message.id) return [];
    if (body.kind === 'said')
      return engine.people.find(body.person)
        ? [{ who: body.person, text: body.text, person: body.person }]
        : [];
    if (body.kind !== 'answer') return [];
    const text = textOf(body.content);
    return text === undefined ? [] : [{ who: 'Reign', text, ...(body.private ? { private: true } : {}) }];
  });
  return said.slice(-mostSaid).map((each) => ({ ...each, text: each.text.slice(0, longestSaid) }));
}

function textOf(content: Rendered): string | undefined {
  if (content.kind === 'text') return content.text;
  return content.kind === 'lines' ? content.lines.join('\n') : undefined;
}

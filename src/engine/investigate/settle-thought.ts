import { newId } from '../../domain/ids.ts';
import { costInWords, type Investigation } from '../../domain/investigation.ts';
import type { Json } from '../../domain/json.ts';
import type { Thought, Turn } from '../../domain/ports/thinker.ts';
import { type Unsaid, unsaidIn } from '../../domain/provenance.ts';
import { clip } from '../../domain/text.ts';
import type { GatewayEngine } from '../engine.ts';
import { replyKey, showAnswer } from '../entries.ts';
import type { InvestigationPatch, MessageDraft, Transaction } from '../ports.ts';

/** Replies and proposals that could not be used, before a person is told. */
const mostRepairs = 3;

/** Settles what a turn came to, in one transaction: state, what is shown, the audit, and what is handed on. */
export async function settleThought(engine: GatewayEngine, held: Investigation, turn: Turn): Promise<void> {
  const { thought, transcript } = turn;
  const told = {
    transcript,
    spent: held.spent,
    looks: [],
    failures: 0,
    leaseUntil: null,
  } satisfies InvestigationPatch;
  if (thought.kind === 'mistake') return repair(engine, held, told, thought);
  await engine.store.transaction(async (tx) => {
    switch (thought.kind) {
      case 'look':
        return goLooking(tx, engine, held, told, thought);
      case 'answer':
        return answer(tx, held, told, thought.text);
      case 'question':
        return ask(tx, held, told, thought);
      case 'draft':
        return propose(tx, engine, held, told, thought);
      default:
        return thought satisfies never;
    }
  });
}

/**
 * Ends it with words of ours: a budget, a provider, a model that could not be made sense of. What nobody asked for ends
 * without them.
 */
export async function endInWords(engine: GatewayEngine, held: Investigation, text: string): Promise<void> {
  await engine.store.transaction(async (tx) => {
    if ((await tx.lockMessage(held.id))?.followUp === undefined) return answer(tx, held, {}, text);
    tx.audit('messages', 'investigation.dropped', 'reign', { message: held.id, reason: text });
    await tx.updateInvestigation(held, { state: 'ended' });
    await tx.updateMessage(held.id, { state: 'done', outcome: 'dropped' });
  });
}

async function repair(
  engine: GatewayEngine,
  held: Investigation,
  told: InvestigationPatch,
  { problems, note }: Thought & { kind: 'mistake' },
): Promise<void> {
  const repairs = held.repairs + 1;
  const words = [...problems.map(({ text }) => text), ...(note === undefined ? [] : [note])].join(' ');
  if (repairs > mostRepairs || !engine.llm) {
    const text = `The language model could not make a usable reply of this, ${mostRepairs} corrections notwithstanding. The last problem: ${words}`;
    return engine.store.transaction((tx) => answer(tx, held, told, text));
  }
  const transcript = engine.llm.thinker.tell(told.transcript ?? held.transcript, problems, note);
  await engine.store.transaction(async (tx) => {
    tx.audit('messages', 'investigation.repaired', 'planner', {
      message: held.id,
      problem: clip(words, 2000),
    });
    await tx.updateInvestigation(held, { ...told, transcript, repairs, state: 'thinking' });
    tx.afterCommit(() => engine.queue.think(held.id, held.version + 1));
  });
}

async function goLooking(
  tx: Transaction,
  engine: GatewayEngine,
  held: Investigation,
  told: InvestigationPatch,
  { looks, problems }: Thought & { kind: 'look' },
): Promise<void> {
  const known = problems.map(({ id, ok, text }) => ({
    id,
    operation: '',
    request: {},
    result: { ok, text },
  }));
  const all = [...looks, ...known];
  const state = looks.length > 0 ? 'looking' : 'thinking';
  await tx.updateInvestigation(held, { ...told, state, looks: all });
  if (looks.length > 0) {
    const { conversationId, id } = held;
    const text = `Looking at ${looks.map(lookInWords).join('; ')}…`;
    tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text: clip(text, 600) } });
    for (const { operation, request } of looks)
      tx.audit('messages', 'investigation.look', 'planner', { message: id, operation, request });
  }
  const next = held.version + 1;
  tx.afterCommit(() =>
    looks.length > 0 ? engine.queue.look(held.id, next) : engine.queue.think(held.id, next),
  );
}

/** A read as people read it: `kubernetes.logs (name checkout, environment production)`. */
export function lookInWords({
  operation,
  request,
}: {
  operation: string;
  request: { [field: string]: Json };
}): string {
  const fields = Object.entries(request).map(([field, value]) => {
    return `${field} ${clip(typeof value === 'string' ? value : JSON.stringify(value), 80)}`;
  });
  return fields.length === 0 ? operation : `${operation} (${fields.join(', ')})`;
}

async function answer(
  tx: Transaction,
  held: Investigation,
  told: InvestigationPatch,
  text: string,
): Promise<void> {
  const { id, conversationId, looked, model, spent, person } = held;
  const seen = looked.filter(({ ok }) => ok).map(lookInWords);
  const evidence = seen.length === 0 ? [] : [`Looked at: ${[...new Set(seen)].join('; ')}.`];
  const whole = [text, '', ...evidence, `${costInWords(model, spent)}.`].join('\n');
  const forAsker = looked.some((look) => look.private) ? { onlyFor: person } : {};
  showAnswer(tx, conversationId, replyKey(id), { kind: 'text', text: whole }, forAsker);
  tx.audit('messages', 'investigation.answered', 'planner', { message: id, spent: { ...spent } });
  await tx.updateInvestigation(held, { ...told, state: 'ended' });
  await tx.updateMessage(id, { state: 'done', outcome: 'answered' });
}

/** The person's answer is a message of theirs, which goes on in this thread with all that was said. */
async function ask(
  tx: Transaction,
  held: Investigation,
  told: InvestigationPatch,
  { text, options }: Thought & { kind: 'question' },
): Promise<void> {
  const lines = options.map((option, index) => `${index + 1}. ${option}`);
  await answer(tx, held, told, [text, ...lines].join('\n'));
}

/** A draft goes to admission like any other; words in its writes that nobody has said are asked about first. */
async function propose(
  tx: Transaction,
  engine: GatewayEngine,
  held: Investigation,
  told: InvestigationPatch,
  { draft, call, chosen }: Thought & { kind: 'draft' },
): Promise<void> {
  const { id, conversationId, authors, model, prompts, spent } = held;
  const writes =
    chosen ?? draft.steps.filter(({ operation }) => engine.catalogue.find(operation)?.effect !== 'read');
  const unsaid = unsaidIn(writes, held.words, engine.environments);
  const kept: MessageDraft = {
    draft,
    context: {},
    contextAuthors: authors,
    plannedBy: { model, prompts, spent },
  };
  // What admission says of it is the answer to this call.
  const looks = [{ id: call, operation: '', request: {} }];
  await tx.updateInvestigation(held, { ...told, state: 'proposed', looks });
  const steps = draft.steps.map(({ key, operation, request, needs }) => ({
    key,
    operation,
    request,
    needs: [...needs],
  }));
  tx.audit('messages', 'message.drafted', 'planner', {
    message: id,
    steps,
    unsaid: unsaid as unknown as Json,
  });
  // Nobody has asked for a remedy: it is offered, and never starts by itself.
  const unasked = (await tx.lockMessage(id))?.followUp !== undefined;
  if (unsaid.length > 0 || unasked) return askAbout(tx, held, kept, unsaid);
  await tx.updateMessage(id, { state: 'preparing', draft: kept, authors });
  tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text: 'Checking the plan…' } });
  tx.afterCommit(() => engine.queue.prepare(id));
}

async function askAbout(
  tx: Transaction,
  held: Investigation,
  draft: MessageDraft,
  unsaid: readonly Unsaid[],
): Promise<void> {
  const { id, conversationId, person, authors } = held;
  const values = [...new Set(unsaid.map(({ field, value }) => `${field} ${clip(value, 200)}`))];
  const { goal, steps } = draft.draft;
  const what = steps.map(({ operation, request }) => lookInWords({ operation, request })).join('; ');
  const why =
    values.length > 0
      ? `You did not say this yourself; it comes from what was looked at, or from the language model: ${values.join('; ')}.`
      : 'This might mend it.';
  const text = `${why} Shall it be in the plan "${clip(goal, 200)}": ${clip(what, 500)}? Nothing is changed by saying yes; the plan is previewed and approved as any other.`;
  const questionId = newId('q');
  const options = [{ label: 'Yes, that is what I mean', patch: {} }];
  const stepKey = unsaid[0]?.step ?? steps[0]?.key ?? '';
  const body = { text, field: 'confirm', stepKey, options, draft, authors };
  await tx.insertQuestion({ id: questionId, conversationId, messageId: id, person, body });
  tx.entry({
    conversationId,
    key: replyKey(id),
    kind: 'question',
    body: { questionId, text, to: person, options },
  });
  tx.audit('messages', 'question.asked', 'reign', { question: questionId, message: id, text });
  await tx.updateMessage(id, { state: 'done', outcome: 'asked' });
}

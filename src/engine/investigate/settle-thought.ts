import type { Draft, DraftStep } from '../../domain/draft.ts';
import { newId } from '../../domain/ids.ts';
import { costInWords, type Investigation } from '../../domain/investigation.ts';
import type { Json } from '../../domain/json.ts';
import type { Thought, Turn } from '../../domain/ports/thinker.ts';
import { type Unsaid, unsaidIn } from '../../domain/provenance.ts';
import { clip } from '../../domain/text.ts';
import type { GatewayEngine } from '../engine.ts';
import { replyKey, showAnswer } from '../entries.ts';
import type { InvestigationPatch, MessageDraft, Transaction } from '../ports.ts';
import { isUnasked } from './follow-up.ts';

/** Replies and proposals that could not be used, before a person is told. */
const mostRepairs = 3;
/** Characters of a question that asks to agree to something: what does not fit cannot be agreed to. */
const longestQuestion = 1_800;

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
    if (await isWithdrawn(tx, held)) return;
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
    if (await isWithdrawn(tx, held)) return;
    if ((await tx.lockMessage(held.id))?.followUp === undefined)
      return answer(tx, held, { spent: held.spent }, text);
    tx.audit('messages', 'investigation.dropped', 'reign', { message: held.id, reason: text });
    await tx.updateInvestigation(held, { state: 'ended', spent: held.spent });
    await tx.updateMessage(held.id, { state: 'done', outcome: 'dropped' });
  });
}

/** Whether the message was edited, deleted or ended meanwhile: then nothing comes of it any more. */
async function isWithdrawn(tx: Transaction, held: Investigation): Promise<boolean> {
  const message = await tx.lockMessage(held.id);
  if (message?.state === 'investigating') return false;
  await tx.updateInvestigation(held, { state: 'ended', spent: held.spent, leaseUntil: null });
  return true;
}

/** Whether what is said may hold something that is for the asker's eyes alone. */
function isPrivate({ looked }: Investigation): boolean {
  return looked.some((look) => look.private);
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
    return engine.store.transaction(async (tx) => {
      if (!(await isWithdrawn(tx, held))) await answer(tx, held, told, text);
    });
  }
  const transcript = engine.llm.thinker.tell(told.transcript ?? held.transcript, problems, note);
  await engine.store.transaction(async (tx) => {
    if (await isWithdrawn(tx, held)) return;
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
    // What a model chose after it saw something private could tell of it.
    const what = isPrivate(held) ? 'what else there is' : looks.map(lookInWords).join('; ');
    const text = clip(`Looking at ${what}…`, 600);
    tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text } });
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
  const forAsker = isPrivate(held) ? { onlyFor: person } : {};
  const acts = looked.flatMap(({ act }) => (act === undefined ? [] : [act]));
  showAnswer(tx, conversationId, replyKey(id), { kind: 'text', text: whole }, { ...forAsker, acts });
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
  const find = (operation: string) => engine.catalogue.find(operation);
  // Reads that reach out are looked at, too: a plan of nothing but reads starts at once.
  const risky = ({ operation }: DraftStep) =>
    find(operation)?.effect !== 'read' || (find(operation)?.outbound ?? []).length > 0;
  const proposed = {
    steps: chosen ?? draft.steps.filter(risky),
    runsCode: (operation: string) => find(operation)?.effect === 'run-code',
  };
  const unsaid = unsaidIn(proposed, held.words, engine.environments);
  const kept: MessageDraft = {
    // A goal in a model's words could tell of what it saw for one person's eyes.
    draft: isPrivate(held) ? { ...draft, goal: clip(held.words[0] ?? 'as asked', 200) } : draft,
    context: {},
    contextAuthors: authors,
    plannedBy: { model, prompts, spent },
  };
  // Nobody has asked for a remedy: it is offered, and never starts by itself.
  const message = await tx.lockMessage(id);
  const unasked = message !== undefined && isUnasked(message);
  const asking = unsaid.length > 0 || unasked ? questionAbout(kept.draft, unsaid) : undefined;
  if (asking?.whole === false) return answer(tx, held, told, asking.text);
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
  if (asking) return askAbout(tx, held, kept, asking.text);
  await tx.updateMessage(id, { state: 'preparing', draft: kept, authors });
  tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text: 'Checking the plan…' } });
  tx.afterCommit(() => engine.queue.prepare(id));
}

/** What is asked before a plan is even previewed; `whole` where all of it can be shown. */
function questionAbout({ goal, steps }: Draft, unsaid: readonly Unsaid[]): { text: string; whole: boolean } {
  const values = [...new Set(unsaid.map(({ field, value }) => `${field} ${value}`))].join('; ');
  const what = steps.map(({ operation, request }) => `${operation} ${JSON.stringify(request)}`).join('; ');
  const why =
    values === ''
      ? 'This might mend it.'
      : `You did not say this yourself; it comes from what was looked at, or from the language model: ${values}.`;
  const text = `${why} Shall it be in the plan "${clip(goal, 200)}": ${what}? Nothing is changed by saying yes; the plan is previewed and approved as any other.`;
  if (text.length <= longestQuestion) return { text, whole: true };
  const rest = 'It is too long to be shown here in whole, so nothing was made of it. Ask for a part of it.';
  return { text: `${clip(why, 600)} ${rest}`, whole: false };
}

async function askAbout(
  tx: Transaction,
  held: Investigation,
  draft: MessageDraft,
  text: string,
): Promise<void> {
  const { id, conversationId, person, authors } = held;
  const questionId = newId('q');
  const options = [{ label: 'Yes, that is what I mean', patch: {} }];
  const stepKey = draft.draft.steps[0]?.key ?? '';
  const body = { text, field: 'confirm', stepKey, options, draft, authors };
  await tx.insertQuestion({ id: questionId, conversationId, messageId: id, person, body });
  tx.entry({
    conversationId,
    key: replyKey(id),
    kind: 'question',
    body: { questionId, text, to: person, options },
    ...(isPrivate(held) ? { onlyFor: person } : {}),
  });
  tx.audit('messages', 'question.asked', 'reign', { question: questionId, message: id, text });
  await tx.updateMessage(id, { state: 'done', outcome: 'asked' });
}

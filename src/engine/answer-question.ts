import { FaultError } from '../domain/fault.ts';
import type { QuestionOption } from '../domain/operation.ts';
import type { Engine } from './engine.ts';
import { answerMessage, replyKey } from './entries.ts';
import type { Message, MessageDraft, OpenQuestion, Transaction } from './ports.ts';

/** Answers a question by its button. Throws FaultError: only who was asked may answer, and only once. */
export async function answerQuestion(
  engine: Engine,
  { questionId, person, option }: { questionId: string; person: string; option: number },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const question = await tx.lockQuestion(questionId);
    if (!question) throw new FaultError('conflict', 'This question is no longer open.');
    if (question.person !== person) {
      throw new FaultError(
        'not-allowed',
        `${question.person} was asked this; ask for it yourself to decide.`,
      );
    }
    const chosen = question.body.options[option];
    if (!chosen) throw new FaultError('bad-request', 'The question has no such option.');
    await goOn(engine, tx, question, chosen, chosen.label);
  });
}

/**
 * Takes a message as the answer to the person's open question where it names an option, or where a value was asked
 * for and the message is one. @returns whether it did.
 */
export async function answerQuestionInWords(engine: Engine, message: Message): Promise<boolean> {
  const open = await engine.store.queries.openQuestion(message.conversationId, message.person);
  if (!open) return false;
  const chosen = choiceFromWords(engine, open, message.text);
  // What people say to each other withdraws nothing.
  if (chosen === undefined && !message.addressed) return false;
  return engine.store.transaction(async (tx) => {
    const question = await tx.lockQuestion(open.id);
    const current = await tx.lockMessage(message.id);
    if (!question || current?.state !== 'received') return current?.state !== 'received';
    if (chosen === undefined) {
      // Something else was said: the question is withdrawn, and the message is read afresh.
      await tx.answerQuestion(question.id, '');
      closeEntry(tx, question, 'withdrawn');
      return false;
    }
    await goOn(engine, tx, question, chosen, message.text);
    await answerMessage(tx, message, `Thanks: ${message.text}.`);
    return true;
  });
}

type Choice = Pick<QuestionOption, 'patch' | 'instead'>;

function choiceFromWords(engine: Engine, { body }: OpenQuestion, text: string): Choice | undefined {
  const said = text.trim().toLowerCase();
  const byLabel = body.options.find(({ label, patch }) => {
    const values = Object.values(patch).map((value) => String(value).toLowerCase());
    return label.toLowerCase() === said || (values.length === 1 && values[0] === said);
  });
  if (byLabel) return byLabel;
  // A bare number may answer something else that was numbered: nothing is agreed to by one.
  const byNumber = body.field === 'confirm' ? undefined : /^#?(\d{1,2})$/.exec(said)?.[1];
  if (body.options.length > 0) {
    return byNumber === undefined ? undefined : body.options[Number(byNumber) - 1];
  }
  if (said.includes(' ') || said.length > 200) return undefined;
  const step = body.draft.draft.steps.find(({ key }) => key === body.stepKey);
  const operation = step && engine.catalogue.find(step.operation);
  for (const value of [Number(said), text.trim()]) {
    if (Number.isNaN(value)) continue;
    const parsed = operation?.request.safeParse({ ...step?.request, [body.field]: value });
    if (parsed?.success) return { patch: { [body.field]: value } };
  }
  return undefined;
}

async function goOn(
  engine: Engine,
  tx: Transaction,
  question: OpenQuestion,
  choice: Choice,
  label: string,
): Promise<void> {
  const draft = withAnswer(question.body.draft, question.body.stepKey, choice);
  await tx.answerQuestion(question.id, label);
  closeEntry(tx, question, label);
  await tx.updateMessage(question.messageId, {
    state: 'preparing',
    draft,
    authors: [...question.body.authors],
  });
  await tx.updateConversation(question.conversationId, {
    context: draft.context,
    contextAuthors: [...(draft.contextAuthors ?? question.body.authors)],
  });
  tx.entry({
    conversationId: question.conversationId,
    key: replyKey(question.messageId),
    kind: 'working',
    body: { text: 'Looking at it…' },
  });
  tx.audit('messages', 'question.answered', question.person, {
    question: question.id,
    message: question.messageId,
    answer: label,
  });
  tx.afterCommit(() => engine.queue.prepare(question.messageId));
}

function closeEntry(tx: Transaction, question: OpenQuestion, answered: string): void {
  tx.entry({
    conversationId: question.conversationId,
    key: `asked-${question.id}`,
    kind: 'question',
    body: {
      questionId: question.id,
      text: question.body.text,
      to: question.person,
      options: question.body.options.map((option) => ({ ...option })),
      answered,
    },
  });
}

function withAnswer(draft: MessageDraft, stepKey: string, { patch, instead }: Choice): MessageDraft {
  const steps = draft.draft.steps.map((step) =>
    step.key === stepKey
      ? {
          ...step,
          operation: instead?.operation ?? step.operation,
          request: { ...(instead?.request ?? step.request), ...patch },
        }
      : step,
  );
  const only = steps.length === 1 ? steps[0] : undefined;
  const context = only
    ? { ...draft.context, operation: only.operation, request: only.request }
    : draft.context;
  const goal = instead?.goal ?? draft.draft.goal;
  return { ...draft, draft: { ...draft.draft, goal, steps }, context };
}

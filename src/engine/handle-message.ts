import type { PlannerReply } from '../domain/draft.ts';
import { toFault } from '../domain/fault.ts';
import { newId } from '../domain/ids.ts';
import { answerQuestionInWords } from './answer-question.ts';
import { notKnown } from './chat/identify.ts';
import type { GatewayEngine } from './engine.ts';
import { answerMessage, refuseMessage, replyKey } from './entries.ts';
import { handOnDraft } from './hand-on-draft.ts';
import { beginInvestigation } from './investigate/begin.ts';
import { isUnasked } from './investigate/follow-up.ts';
import type { Conversation, Message, Transaction } from './ports.ts';
import { fulfilWish } from './wishes.ts';

/**
 * Reads a stored message with the planner and carries on from its reply. May be called many times for one message:
 * only a message that is still `received` is handled, and its state moves in the same transaction as the reply.
 */
export async function handleMessage(engine: GatewayEngine, messageId: string): Promise<void> {
  const span = { name: 'plan message', trace: messageId, attributes: { 'reign.message.id': messageId } };
  await engine.telemetry.span(span, () => readAndSettle(engine, messageId));
}

async function readAndSettle(engine: GatewayEngine, messageId: string): Promise<void> {
  const message = await engine.store.queries.message(messageId);
  if (message?.state !== 'received') return;
  const conversation = await engine.store.queries.conversation(message.conversationId);
  if (!conversation) return;
  if (isUnasked(message)) return followUpOn(engine, message);
  const answered = await answerQuestionInWords(engine, message);
  if (answered) return;
  const reply = await readMessage(engine, message, conversation);
  if (!message.addressed && !continuesRead(engine, reply)) return leaveAlone(engine, message);
  if (!engine.people.find(message.person) && !asksForHelp(reply)) return refuseStranger(engine, message);
  if (reply.kind !== 'hand-over') return settleReply(engine, message, conversation, reply);
  const refusal = await beginInvestigation(engine, message);
  if (refusal !== undefined) await settleReply(engine, message, conversation, instead(reply, refusal));
}

/** Where no language model takes it, how the plan ended, or what fires, has been said already. */
async function followUpOn(engine: GatewayEngine, message: Message): Promise<void> {
  const refusal = await beginInvestigation(engine, message);
  if (refusal !== undefined) await leaveAlone(engine, message);
}

/** What is said where no language model takes a message over; `refusal` says why not, if there is more to say. */
function instead(reply: PlannerReply & { kind: 'hand-over' }, refusal: string): Settled {
  const { instead: said } = reply;
  if (said.kind === 'question') return { ...said, text: [refusal, said.text].filter(Boolean).join('\n') };
  return said.kind === 'answer' && refusal === '' ? said : { kind: 'answer', text: refusal };
}

/** What a message can be settled with at once. */
type Settled = Exclude<PlannerReply, { kind: 'hand-over' }>;

/** Text between people may go on with a read; everything else of theirs is none of Reign's business. */
function continuesRead(engine: GatewayEngine, reply: PlannerReply): boolean {
  return (
    reply.kind === 'draft' &&
    reply.usedContext &&
    reply.draft.steps.every(({ operation }) => engine.catalogue.find(operation)?.effect === 'read')
  );
}

/** Nothing of it is kept but that it was there. */
async function leaveAlone(engine: GatewayEngine, message: Message): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(message.id);
    if (current?.state === 'received')
      await tx.updateMessage(message.id, { state: 'done', outcome: 'left alone', text: '' });
  });
}

function asksForHelp(reply: PlannerReply): boolean {
  return reply.kind === 'reign' && reply.request.wish === 'help';
}

async function refuseStranger(engine: GatewayEngine, message: Message): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(message.id);
    if (current?.state === 'received') await refuseMessage(tx, message, notKnown(message.person));
  });
}

async function readMessage(
  engine: GatewayEngine,
  message: Message,
  conversation: Conversation,
): Promise<PlannerReply> {
  try {
    return await engine.planner.plan({
      text: message.text,
      context: conversation.context,
      environments: engine.environments,
      person: message.person,
    });
  } catch (error) {
    engine.logger.error({ message: message.id, error: toFault(error).message }, 'the planner failed');
    return { kind: 'answer', text: 'I could not read this message. Please put it in other words.' };
  }
}

async function settleReply(
  engine: GatewayEngine,
  message: Message,
  conversation: Conversation,
  reply: Settled,
): Promise<void> {
  if (reply.kind === 'reign') return fulfilWish(engine, message, reply.request);
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(message.id);
    if (current?.state !== 'received') return;
    switch (reply.kind) {
      case 'answer':
        return answerMessage(tx, message, reply.text);
      case 'question': {
        const questionId = newId('q');
        const step = reply.draft.steps[0];
        if (!step) return refuseMessage(tx, message, 'I did not understand this.');
        const contextAuthors = union(conversation.contextAuthors, message.authors);
        const draft = { draft: reply.draft, context: conversation.context, contextAuthors };
        const { text, field, options } = reply;
        const authors = [...message.authors];
        const body = { text, field, stepKey: step.key, options, draft, authors };
        await tx.insertQuestion({ id: questionId, ...sameThread(message), body });
        tx.entry({
          conversationId: message.conversationId,
          key: replyKey(message.id),
          kind: 'question',
          body: { questionId, text, to: message.person, options: options.map((option) => ({ ...option })) },
        });
        return tx.updateMessage(message.id, { state: 'done', outcome: 'asked' });
      }
      case 'draft':
        return takeDraft(tx, engine, message, conversation, reply);
      default:
        return reply satisfies never;
    }
  });
}

/** Keeps a draft with its message, for a worker to make a plan of. */
async function takeDraft(
  tx: Transaction,
  engine: GatewayEngine,
  message: Message,
  conversation: Conversation,
  reply: PlannerReply & { kind: 'draft' },
): Promise<void> {
  const authors = reply.usedContext
    ? union(conversation.contextAuthors, message.authors)
    : [...message.authors];
  const { context } = reply;
  // "Back to what it was" will say the request before this one again, whoever's it was.
  const contextAuthors =
    context.previous === undefined ? authors : union(conversation.contextAuthors, authors);
  const draft = { draft: reply.draft, context, contextAuthors };
  await tx.updateMessage(message.id, { state: 'preparing', draft, authors });
  await tx.updateConversation(conversation.id, { context, contextAuthors });
  handOnDraft(tx, engine, message, draft, 'planner');
}

function union(some: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...some, ...more])];
}

function sameThread({ conversationId, id, person }: Message) {
  return { conversationId, messageId: id, person };
}

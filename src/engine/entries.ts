import type { Json } from '../domain/json.ts';
import type { Rendered } from '../domain/operation.ts';
import type { Plan } from '../domain/plan.ts';
import type { Message, Transaction } from './ports.ts';

/** The entry that a message's answer grows in: first "looking at it", then the answer, question or card. */
export function replyKey(messageId: string): string {
  return `r-${messageId}`;
}

function cardKey(plan: Plan): string {
  return plan.messageId === undefined ? `plan-${plan.id}` : replyKey(plan.messageId);
}

/** Shows (or redraws) a plan's card; what it says is read from the plan's rows. */
export function showCard(tx: Transaction, plan: Plan): void {
  tx.entry({
    conversationId: plan.conversationId,
    key: cardKey(plan),
    kind: 'plan',
    planId: plan.id,
    body: {},
  });
}

/** Shows (or redraws) a plan's one progress message. */
export function showProgress(tx: Transaction, plan: Plan): void {
  const key = `progress-${plan.id}`;
  tx.entry({ conversationId: plan.conversationId, key, kind: 'progress', planId: plan.id, body: {} });
}

/** The one last message of a plan. */
export function showFinal(tx: Transaction, plan: Plan, text: string, canUndo: boolean): void {
  const key = `final-${plan.id}`;
  tx.entry({
    conversationId: plan.conversationId,
    key,
    kind: 'final',
    planId: plan.id,
    body: { text, canUndo },
  });
}

/** A notice about a plan that stands on its own line. */
export function showNotice(tx: Transaction, plan: Plan, name: string, text: string): void {
  const key = `notice-${plan.id}-${name}`;
  tx.entry({ conversationId: plan.conversationId, key, kind: 'notice', planId: plan.id, body: { text } });
}

export type AnswerOptions = {
  title?: string;
  onlyFor?: string;
  planId?: string;
  /** What was read for it: only who may read all of that sees it. */
  acts?: readonly Json[];
  /** Plans that it tells of, and whether it tells of what belongs to none: only who may see all of that sees it. */
  shows?: { plans: readonly string[]; everything?: boolean };
};

/** What was read, for the asker (alone, when `onlyFor` is set). */
export function showAnswer(
  tx: Transaction,
  conversationId: string,
  key: string,
  content: Rendered,
  { title, onlyFor, planId, acts = [], shows }: AnswerOptions = {},
): void {
  const body = {
    content: content as unknown as Json,
    ...(title === undefined ? {} : { title }),
    ...(acts.length === 0 ? {} : { acts: [...acts] }),
    ...(shows === undefined ? {} : { shows: shows as unknown as Json }),
  };
  tx.entry({
    conversationId,
    key,
    kind: 'answer',
    body,
    ...(onlyFor === undefined ? {} : { onlyFor }),
    ...(planId === undefined ? {} : { planId }),
  });
}

/** Ends a message with an answer in words. */
export async function answerMessage(tx: Transaction, message: Message, text: string): Promise<void> {
  showAnswer(tx, message.conversationId, replyKey(message.id), { kind: 'text', text });
  tx.audit('messages', 'message.answered', 'reign', { message: message.id });
  await tx.updateMessage(message.id, { state: 'done', outcome: 'answered' });
}

/** Ends a message with a reason why nothing will be done. */
export async function refuseMessage(tx: Transaction, message: Message, text: string): Promise<void> {
  tx.entry({
    conversationId: message.conversationId,
    key: replyKey(message.id),
    kind: 'refusal',
    body: { text },
  });
  tx.audit('messages', 'message.refused', 'reign', { message: message.id, reason: text });
  await tx.updateMessage(message.id, { state: 'done', outcome: 'refused' });
}

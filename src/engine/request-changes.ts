import type { Decision } from '../domain/approval.ts';
import { newId } from '../domain/ids.ts';
import type { Plan } from '../domain/plan.ts';
import type { Engine } from './engine.ts';
import type { Transaction } from './ports.ts';

/**
 * Hands the reason of a change request back to the planner, as a message in the plan's thread. Whoever asked for the
 * change is an author of what comes of it, together with those of the plan that it changes.
 */
export async function requestChanges(
  tx: Transaction,
  engine: Engine,
  plan: Plan,
  { id, person, reason }: Decision,
): Promise<void> {
  if (!reason?.trim()) return;
  const message = {
    id: newId('m'),
    conversationId: plan.conversationId,
    person,
    text: reason,
    state: 'received' as const,
    authors: [...new Set([...plan.authors, person])],
    addressed: true,
    attempts: 0,
    receivedAt: tx.now,
  };
  await tx.insertMessage(message, `changes-${id}`);
  const { conversationId } = plan;
  tx.entry({ conversationId, key: message.id, kind: 'said', body: { person, text: reason } });
  tx.audit('messages', 'message.received', person, { message: message.id, changes: plan.id, text: reason });
  tx.afterCommit(() => engine.queue.message(message.id));
}

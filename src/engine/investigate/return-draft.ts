import type { Engine } from '../engine.ts';
import { replyKey } from '../entries.ts';
import type { Message, Transaction } from '../ports.ts';

/** Proposals that admission may send back before the person is told. */
const mostRepairs = 3;

/**
 * Sends a draft of a language model's back to it with what is wrong. @returns false where there is no such model's work,
 * or where it has had its corrections: then the person is told.
 */
export async function returnDraft(
  tx: Transaction,
  engine: Engine,
  { id, conversationId }: Message,
  reason: string,
): Promise<boolean> {
  const found = await tx.lockInvestigation(id);
  if (found?.state !== 'proposed' || found.repairs >= mostRepairs) return false;
  const text = `Reign's checks refuse this plan: ${reason} Propose another, ask, or answer why it cannot be done.`;
  const looks = found.looks.map((each) => ({ ...each, result: { ok: false, text } }));
  await tx.updateInvestigation(found, {
    state: 'thinking',
    repairs: found.repairs + 1,
    looks,
    leaseUntil: null,
  });
  await tx.updateMessage(id, { state: 'investigating' });
  tx.entry({
    conversationId,
    key: replyKey(id),
    kind: 'working',
    body: { text: 'Thinking again about the plan…' },
  });
  tx.audit('messages', 'investigation.repaired', 'reign', { message: id, problem: reason });
  tx.afterCommit(() => engine.queue.think(id, found.version + 1));
  return true;
}

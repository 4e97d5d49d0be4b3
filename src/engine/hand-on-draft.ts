import type { Json } from '../domain/json.ts';
import type { GatewayEngine } from './engine.ts';
import { replyKey } from './entries.ts';
import type { Message, MessageDraft, Transaction } from './ports.ts';

/** Hands a stored message's draft to a worker to make a plan of; `drafter` is who drafted it, for the record. */
export function handOnDraft(
  tx: Transaction,
  engine: GatewayEngine,
  { id, conversationId }: Pick<Message, 'id' | 'conversationId'>,
  { draft }: MessageDraft,
  drafter: string,
): void {
  tx.entry({ conversationId, key: replyKey(id), kind: 'working', body: { text: 'Looking at it…' } });
  const steps = draft.steps.map(({ key, operation, request, needs }) => {
    return { key, operation, request, needs: [...needs] } satisfies Json;
  });
  tx.audit('messages', 'message.drafted', drafter, { message: id, steps });
  tx.afterCommit(() => engine.queue.prepare(id));
}

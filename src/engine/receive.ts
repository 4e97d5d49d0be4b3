import { FaultError } from '../domain/fault.ts';
import { newId } from '../domain/ids.ts';
import type { Engine } from './engine.ts';
import { storable } from './storable.ts';

/** Characters in one message; chat platforms stop well before. */
const longestMessage = 16_000;

export type Incoming = {
  /** Absent starts a conversation. */
  conversationId?: string;
  person: string;
  text: string;
  /** The platform's identity of the message (team + channel + message id), or the caller's idempotency key. */
  dedupeKey: string;
};

export type Received = { messageId: string; conversationId: string; duplicate: boolean };

/**
 * Stores a message once and hands it on. When this returns, the message will get an answer whatever happens.
 * Throws FaultError `too-large`, `bad-request`, or `not-found` for a conversation that is not there.
 */
export async function receiveMessage(engine: Engine, incoming: Incoming): Promise<Received> {
  const text = storable(incoming.text).trim();
  if (text.length > longestMessage) {
    throw new FaultError(
      'too-large',
      `A message may have ${longestMessage} characters; this one has ${text.length}.`,
    );
  }
  if (text === '') throw new FaultError('bad-request', 'The message is empty.');
  const known = await engine.store.queries.messageByKey(incoming.dedupeKey);
  if (known) return { messageId: known.id, conversationId: known.conversationId, duplicate: true };
  if (incoming.conversationId && !(await engine.store.queries.conversation(incoming.conversationId))) {
    throw new FaultError('not-found', `There is no conversation ${incoming.conversationId}.`);
  }
  return store(engine, { ...incoming, text });
}

async function store(
  engine: Engine,
  { conversationId, person, text, dedupeKey }: Incoming,
): Promise<Received> {
  const id = newId('m');
  const conversation = conversationId ?? newId('c');
  const stored = await engine.store
    .transaction(async (tx) => {
      if (!conversationId) {
        await tx.insertConversation({
          id: conversation,
          title: text.slice(0, 80),
          createdBy: person,
          context: {},
          contextAuthors: [],
        });
      }
      const message = {
        id,
        conversationId: conversation,
        person,
        text,
        state: 'received' as const,
        authors: [person],
        attempts: 0,
        receivedAt: tx.now,
      };
      // Two deliveries at the same moment: the unique key lets one through, and the other rolls back.
      if (!(await tx.insertMessage(message, dedupeKey))) throw new DuplicateMessage();
      await tx.updateConversation(conversation, {});
      tx.entry({ conversationId: conversation, key: id, kind: 'said', body: { person, text } });
      tx.audit('messages', 'message.received', person, { message: id, conversation, text });
      tx.afterCommit(() => engine.queue.message(id));
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof DuplicateMessage) return false;
      throw error;
    });
  if (stored) return { messageId: id, conversationId: conversation, duplicate: false };
  const first = await engine.store.queries.messageByKey(dedupeKey);
  if (!first) throw new FaultError('conflict', 'The message could not be stored; send it again.');
  return { messageId: first.id, conversationId: first.conversationId, duplicate: true };
}

class DuplicateMessage extends Error {}

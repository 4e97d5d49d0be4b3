import { FaultError } from '../domain/fault.ts';
import { newId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { ThreadAddress } from '../domain/ports/chat-platform.ts';
import type { GatewayEngine } from './engine.ts';
import { refuseMessage } from './entries.ts';
import { handOnDraft } from './hand-on-draft.ts';
import type { MessageDraft, Transaction } from './ports.ts';
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
  /** The thread on a chat platform that it came from; its conversation is found, or begun. */
  thread?: ThreadAddress & { reference?: Json };
  /** Others whose words these are, too. */
  alsoBy?: readonly string[];
  /** False for text between people, see `Message`. */
  addressed?: boolean;
  /** What it asks for, where that was said in full and needs no planner. */
  draft?: MessageDraft;
};

/** `text` without the secrets that were in it. */
type Masked = Incoming & { heldSecret: boolean };

export type Received = { messageId: string; conversationId: string; duplicate: boolean };

/**
 * Stores a message once and hands it on. When this returns, the message will get an answer whatever happens. One that
 * holds what looks like a secret is stored without it, and refused.
 * Throws FaultError `too-large`, `bad-request`, or `not-found` for a conversation that is not there.
 */
export async function receiveMessage(engine: GatewayEngine, incoming: Incoming): Promise<Received> {
  const began = new Date();
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
  const masked = await engine.mask(text);
  const heldSecret = masked !== text;
  const { draft, ...rest } = incoming;
  const asked = draft && !heldSecret ? { draft } : {};
  const received = await store(engine, { ...rest, ...asked, text: masked, heldSecret }, began);
  if (!received.duplicate) measure(engine, incoming, began);
  return received;
}

/** Where a message came from that no chat platform brought: the page or the command line. */
function platformOf({ thread }: Incoming): string {
  return thread?.platform ?? 'api';
}

function measure({ telemetry }: GatewayEngine, incoming: Incoming, began: Date): void {
  const labels = { platform: platformOf(incoming) };
  telemetry.count('reign_messages_total', labels);
  telemetry.observe('reign_acknowledgement_seconds', labels, (Date.now() - began.getTime()) / 1000);
}

async function store(engine: GatewayEngine, incoming: Masked, began: Date): Promise<Received> {
  const id = newId('m');
  const conversation = await stored(engine, incoming, id, began).catch((error: unknown) => {
    if (error instanceof DuplicateMessage) return undefined;
    throw error;
  });
  if (conversation !== undefined) return { messageId: id, conversationId: conversation, duplicate: false };
  const first = await engine.store.queries.messageByKey(incoming.dedupeKey);
  if (!first) throw new FaultError('conflict', 'The message could not be stored; send it again.');
  return { messageId: first.id, conversationId: first.conversationId, duplicate: true };
}

/** The first span of the message's trace. */
async function stored(engine: GatewayEngine, incoming: Masked, id: string, began: Date): Promise<string> {
  const attributes = {
    'messaging.system': platformOf(incoming),
    'messaging.operation.type': 'receive',
    'messaging.message.id': id,
  };
  const about = {
    name: 'receive message',
    kind: 'consumer' as const,
    trace: id,
    id,
    since: began,
    attributes,
  };
  return engine.telemetry.span(about, async () => {
    const conversation = await tryStore(engine, incoming, id).catch((error: unknown) => {
      // The thread was begun by another message in this moment: now it is there.
      if (error instanceof DuplicateThread) return tryStore(engine, incoming, id);
      throw error;
    });
    engine.logger.info({ message: id, platform: platformOf(incoming) }, 'a message was stored');
    return conversation;
  });
}

async function tryStore(engine: GatewayEngine, incoming: Masked, id: string): Promise<string> {
  const { person, text, dedupeKey, thread, addressed = true, alsoBy = [], draft } = incoming;
  return engine.store.transaction(async (tx) => {
    const known = incoming.conversationId ?? (thread && (await tx.conversationOf(thread)));
    const conversation = known ?? (await beginConversation(tx, incoming));
    const message = {
      id,
      conversationId: conversation,
      person,
      text,
      state: draft ? ('preparing' as const) : ('received' as const),
      ...(draft ? { draft } : {}),
      authors: [...new Set([person, ...alsoBy])],
      addressed,
      attempts: 0,
      receivedAt: tx.now,
    };
    // Two deliveries at the same moment: the unique key lets one through, and the other rolls back.
    if (!(await tx.insertMessage(message, dedupeKey))) throw new DuplicateMessage();
    await tx.updateConversation(conversation, {});
    if (addressed) {
      const from = thread === undefined ? {} : { from: thread.platform };
      tx.entry({ conversationId: conversation, key: id, kind: 'said', body: { person, text, ...from } });
      tx.audit('messages', 'message.received', person, { message: id, conversation, text });
    }
    if (incoming.heldSecret && addressed) await refuseMessage(tx, message, heldSecret);
    else if (draft) handOnDraft(tx, engine, message, draft, person);
    else tx.afterCommit(() => engine.queue.message(id));
    return conversation;
  });
}

const heldSecret =
  'Your message holds what looks like a secret, so nothing was done and it was kept without it. Delete the message, count the secret as known and replace it, and give it to Reign with `reign credential set NAME`, never in a chat.';

async function beginConversation(
  tx: Transaction,
  { person, text, thread, draft }: Incoming,
): Promise<string> {
  const id = newId('c');
  const title = text.slice(0, 80);
  const known = { context: draft?.context ?? {}, contextAuthors: draft ? [person] : [] };
  await tx.insertConversation({ id, title, createdBy: person, ...known });
  if (thread && !(await tx.insertThread(thread, id, thread.reference))) throw new DuplicateThread();
  return id;
}

class DuplicateMessage extends Error {}
class DuplicateThread extends Error {}

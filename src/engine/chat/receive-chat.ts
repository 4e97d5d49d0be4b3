import { toFault } from '../../domain/fault.ts';
import { newId } from '../../domain/ids.ts';
import { principalKey } from '../../domain/person.ts';
import { planEnded } from '../../domain/plan.ts';
import type { ChangedMessage, InboundMessage } from '../../domain/ports/chat-platform.ts';
import { endPlan } from '../end-plan.ts';
import type { GatewayEngine } from '../engine.ts';
import { refuseMessage } from '../entries.ts';
import { receiveMessage } from '../receive.ts';
import { knownPerson, personBehind } from './identify.ts';
import type { ChatStore } from './ports.ts';

type Chat = { engine: GatewayEngine; chat: ChatStore };

/** Stores a message of a chat platform, once. When this resolves, it will be answered whatever happens. */
export async function receiveChat({ engine, chat }: Chat, message: InboundMessage): Promise<void> {
  const { at, from, standing, text, addressed, reference } = message;
  const person = personBehind(engine, from);
  if (addressed === 'none') {
    // People talk to each other: only in a thread that Reign is in, and only those it knows, may answer it.
    if (!person || standing !== 'member' || !(await chat.threadOf(at))) return;
  } else if (person) knownPerson(engine, from, standing);
  const name = person?.name ?? principalKey(from);
  if (addressed !== 'none' && (await hush({ engine, chat }, message, name))) return;
  await receiveMessage(engine, {
    person: name,
    text: text.trim() === '' ? 'help' : text,
    dedupeKey: dedupeKey(message),
    thread: { ...at, ...(reference === undefined ? {} : { reference }) },
    addressed: addressed !== 'none',
    alsoBy: (message.alsoBy ?? []).map((other) => personBehind(engine, other)?.name ?? principalKey(other)),
  });
}

/** What makes a message the same one, whatever event it comes in. */
export function dedupeKey({ at, id }: Pick<InboundMessage, 'at' | 'id'>): string {
  return `${at.platform}:${at.team}:${at.channel}:${id}`;
}

const quietWords = /^(be |stay )?quiet[.!]?$/i;
const loudWords = /^(be |stay )?(loud|verbose|unquiet)[.!]?$/i;

/** `quiet` keeps a thread to final messages, `loud` brings progress back. @returns whether the message was one of them. */
async function hush({ engine, chat }: Chat, { at, text }: InboundMessage, name: string): Promise<boolean> {
  const words = text.trim();
  const quiet = quietWords.test(words);
  if (!quiet && !loudWords.test(words)) return false;
  const thread = await chat.threadOf(at);
  if (!thread) return false;
  await chat.setQuiet(at, quiet);
  const said = quiet
    ? 'Only questions, approvals and final messages from now on.'
    : 'Progress is shown again.';
  await engine.store.transaction(async (tx) => {
    const { conversationId } = thread;
    const body = { content: { kind: 'text', text: said } };
    tx.entry({ conversationId, key: `quiet-${newId('e')}`, kind: 'answer', body });
    tx.audit('messages', quiet ? 'thread.quiet' : 'thread.loud', name, { conversation: conversationId });
  });
  return true;
}

/** Takes back what an edited or deleted message asked for, unless it has begun; an edited one is read anew. */
export async function changeChat(engine: GatewayEngine, change: ChangedMessage): Promise<void> {
  const person = personBehind(engine, change.from);
  if (!person) return;
  const before = await latestVersion(engine, change);
  if (!before || (change.text !== undefined && before.text === change.text)) return;
  const why = change.text === undefined ? 'deleted' : 'edited';
  const withdrawn = await withdraw(engine, before.id, `${person.name} ${why} the message before it began.`);
  if (!withdrawn || change.text === undefined) return;
  await receiveMessage(engine, {
    person: person.name,
    text: change.text,
    dedupeKey: `${dedupeKey(change)}:${change.version}`,
    thread: change.at,
    addressed: change.addressed !== 'none',
  });
  const latest = `${dedupeKey(change)}:${change.version}`;
  await engine.store.transaction((tx) => tx.updateMessage(before.id, { outcome: `edited: ${latest}` }));
}

/** A message that was edited twice has its latest words under the key of the first edit. */
async function latestVersion(engine: GatewayEngine, change: ChangedMessage) {
  let key = dedupeKey(change);
  for (let hops = 0; hops < 20; hops += 1) {
    const message = await engine.store.queries.messageByKey(key);
    const next = /^edited: (.+)$/s.exec(message?.outcome ?? '')?.[1];
    if (!message || next === undefined) return message;
    key = next;
  }
  return undefined;
}

async function withdraw(engine: GatewayEngine, messageId: string, reason: string): Promise<boolean> {
  const planId = (await engine.store.queries.message(messageId))?.planId;
  return engine.store
    .transaction(async (tx) => {
      const record = planId === undefined ? undefined : await tx.lockPlan(planId);
      if (record && (planEnded(record.plan.state) || record.plan.startedAt)) return false;
      const message = await tx.lockMessage(messageId);
      if (!message || (message.planId !== undefined && !record)) return false;
      if (record) await endPlan(tx, engine, record, 'cancelled', reason, message.person);
      else if (message.state !== 'done') await refuseMessage(tx, message, reason);
      return true;
    })
    .catch((error: unknown) => {
      engine.logger.warn(
        { message: messageId, error: toFault(error).message },
        'a message was not withdrawn',
      );
      return false;
    });
}

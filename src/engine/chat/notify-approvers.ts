import type { Person } from '../../domain/person.ts';
import type { Plan } from '../../domain/plan.ts';
import type { ThreadAddress } from '../../domain/ports/chat-platform.ts';
import { waitsFor } from '../approvals.ts';
import type { GatewayEngine } from '../engine.ts';
import { showNotice } from '../entries.ts';
import type { PlanRecord } from '../ports.ts';
import type { ChatStore } from './ports.ts';

export type NoticeOptions = {
  engine: GatewayEngine;
  chat: ChatStore;
  /** Platforms that people can be reached on. */
  platforms: readonly string[];
  /** A channel that is told instead of each approver. */
  channel?: ThreadAddress;
  remindAfterSeconds: number;
  escalate: readonly { afterSeconds: number; to: readonly string[] }[];
};

/** Plans that are looked at in one round. */
const perRound = 100;

/**
 * Tells those who may approve a plan, once; reminds them; then tells the next on the ladder. What was told is in
 * Postgres, so that it is told once whichever gateway looks.
 */
export async function notifyApprovers(options: NoticeOptions): Promise<void> {
  const { engine } = options;
  for (const { id, state } of await engine.store.queries.plans({ limit: perRound, open: true })) {
    if (state !== 'waiting-for-approval') continue;
    const record = await engine.store.queries.plan(id);
    if (record) await climb(options, record);
  }
}

/** Whoever wrote the plan and may approve it sees it in the thread: nobody else is called. */
function needsOthers({ plan }: PlanRecord): boolean {
  return plan.state === 'waiting-for-approval' && plan.approval.kind === 'ask' && plan.approval.notAuthor;
}

async function climb(options: NoticeOptions, record: PlanRecord): Promise<void> {
  if (!needsOthers(record)) return;
  const { engine, remindAfterSeconds, escalate } = options;
  const asked = askedAt(record.plan);
  const waited = (engine.clock.now().getTime() - asked) / 1000;
  const may = engine.people.all().filter(({ name }) => waitsFor(engine, record, name));
  const onRung = ({ name, groups = [] }: Person, to: readonly string[]) =>
    to.includes(name) || groups.some((group) => to.includes(group));
  const first = may
    .filter((person) => !escalate.some(({ to }) => onRung(person, to)))
    .map(({ name }) => name);
  await tell(options, record, 0, first.length > 0 ? first : may.map(({ name }) => name));
  if (waited >= remindAfterSeconds) await tell(options, record, 1, first);
  for (const [index, { afterSeconds, to }] of escalate.entries()) {
    if (waited < afterSeconds) break;
    const onCall = to.includes('onCall') ? await onDuty(engine) : [];
    const next = may.filter((person) => onRung(person, to) || onCall.includes(person.name));
    await tell(
      options,
      record,
      index + 2,
      next.map(({ name }) => name),
    );
  }
}

/** A schedule that cannot be read now is asked again in the next round. */
async function onDuty(engine: GatewayEngine): Promise<readonly string[]> {
  return engine.onCall().catch((error: Error) => {
    engine.logger.warn({ error: error.message }, 'nobody on call could be told');
    return [];
  });
}

/** When the approval was asked for: it expires a known time after. */
function askedAt({ expiresAt, approval, createdAt }: Plan): number {
  if (!expiresAt || approval.kind !== 'ask') return createdAt.getTime();
  return expiresAt.getTime() - approval.expiresAfterSeconds * 1000;
}

async function tell(
  options: NoticeOptions,
  record: PlanRecord,
  rung: number,
  people: readonly string[],
): Promise<void> {
  const { channel } = options;
  const told = channel && rung === 0 ? ['*'] : people;
  const { id, revision } = record.plan;
  const before = told.length > 0 ? await options.chat.noticed(id, revision) : [];
  for (const person of told) {
    if (before.some((notice) => notice.rung === rung && notice.person === person)) continue;
    await tellOne(options, record, rung, person);
  }
}

/** Each person has a conversation of their own, shown wherever they can be reached; `*` is the configured channel. */
async function tellOne(
  options: NoticeOptions,
  { plan }: PlanRecord,
  rung: number,
  person: string,
): Promise<void> {
  const { engine, channel } = options;
  const conversationId = person === '*' ? 'n-channel' : `n-${person}`;
  const places = person === '*' ? (channel ? [channel] : []) : placesOf(options, person);
  if (places.length === 0) return;
  const begun = await engine.store.queries.conversation(conversationId);
  await engine.store.transaction(async (tx) => {
    if (!(await tx.insertNotice({ planId: plan.id, revision: plan.revision, rung, person }))) return;
    if (!begun) {
      const title = person === '*' ? 'Approvals' : `Waits for ${person}`;
      const createdBy = person === '*' ? plan.requester : person;
      await tx.insertConversation({ id: conversationId, title, createdBy, context: {}, contextAuthors: [] });
    }
    for (const place of places) await tx.insertThread(place, conversationId);
    const key = `ask-${plan.id}-${plan.revision}`;
    if (rung === 1) {
      const words = { ...plan, conversationId };
      showNotice(tx, words, `reminder-${plan.revision}`, `${plan.requester}'s plan still waits for you.`);
    } else tx.entry({ conversationId, key, kind: 'plan', planId: plan.id, body: {} });
    tx.audit(`plan:${plan.id}`, 'approval.notified', 'reign', { person, rung, revision: plan.revision });
  });
}

function placesOf({ engine, platforms }: NoticeOptions, name: string): ThreadAddress[] {
  const principals = engine.people.find(name)?.principals ?? [];
  return principals
    .filter(({ platform }) => platforms.includes(platform))
    .map(({ platform, team, user }) => ({ platform, team, channel: `@${user}`, thread: '' }));
}

import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Json } from '../domain/json.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { ThreadAddress } from '../domain/ports/chat-platform.ts';
import type { PlanRecord, Transaction } from '../engine/ports.ts';
import { alertRepository } from './alert-repository.ts';
import { collectChanges } from './changes.ts';
import { inThread } from './in-thread.ts';
import { investigationRepository } from './investigation-repository.ts';
import { readRecord } from './read-record.ts';
import { retentionRepository } from './retention-repository.ts';
import { toDecision, toFreeze, toMessage, toQuestion, toStep } from './rows.ts';
import * as schema from './schema.ts';
import { secretRepository } from './secret-repository.ts';
import type { Database } from './store.ts';

/** Any number but the migrations'. */
const lockOfLocks = 7_294_622;

type Open = {
  tx: Transaction;
  /** Writes what was collected and commits; does nothing where there was nothing to do. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  effects: (() => Promise<void>)[];
  /** The conversations that got entries. */
  conversations(): Set<string>;
};

/** The repositories of one transaction, which begins with the first thing asked of it. */
export function createTransaction(client: pg.PoolClient, now: Date): Open {
  const database = drizzle(client) as Database;
  const changes = collectChanges(now);
  const effects: (() => Promise<void>)[] = [];
  let begun = false;
  const begin = async () => {
    if (!begun) await client.query('begin');
    begun = true;
  };
  const see = async (how: 'lock_plan' | 'read_plan', id: string) => {
    const statement = `select ${how}(${client.escapeLiteral(id)}) as record`;
    const result = await client.query(begun ? statement : `begin; ${statement}`);
    begun = true;
    const [last] = (Array.isArray(result) ? result : [result]).slice(-1);
    return readRecord(last.rows[0]?.record ?? null);
  };
  const repositories = {
    ...planRepository(database),
    ...conversationRepository(database, now),
    ...threadRepository(database, now),
    ...lockRepository(database, now),
    ...freezeRepository(database, now),
    ...alertRepository(database, now),
    ...investigationRepository(database, now),
    ...secretRepository(database, now),
    ...retentionRepository(database),
  };
  const tx: Transaction = {
    now,
    ...beginningFirst(repositories, begin),
    // The commonest way to begin: one round trip for both.
    lockPlan: (id) => see('lock_plan', id),
    readPlan: (id) => see('read_plan', id),
    fencePlan: changes.fencePlan,
    updatePlan: changes.updatePlan,
    updateStep: changes.updateStep,
    entry: changes.entry,
    audit: changes.audit,
    afterCommit: (effect) => {
      effects.push(effect);
    },
  };
  return {
    tx,
    async commit() {
      const write = changes.statement(client);
      if (!begun && !write) return;
      const statements = [begun ? undefined : 'begin', write, 'commit'];
      begun = true;
      await client.query(statements.filter((statement) => statement !== undefined).join('; '));
    },
    async rollback() {
      if (begun) await client.query('rollback');
    },
    effects,
    conversations: changes.conversations,
  };
}

function beginningFirst<T extends Record<string, (...args: never[]) => Promise<unknown>>>(
  repositories: T,
  begin: () => Promise<void>,
): T {
  const wrapped = Object.entries(repositories).map(([name, method]) => {
    return [name, async (...args: never[]) => begin().then(() => method(...args))];
  });
  return Object.fromEntries(wrapped) as T;
}

function planRepository(database: Database) {
  return {
    async auditedState(planId: string, stepId: string) {
      const { rows } = await database.execute<{ type: string }>(sql`
        select e.type from audit_events e join audit_payloads p using (chain, seq)
        where e.chain = ${`plan:${planId}`} and e.type like 'step.%' and e.type not in ('step.lost', 'step.refused')
          and p.payload::jsonb ->> 'step' = ${stepId}
        order by e.seq desc limit 1`);
      return rows[0]?.type.slice('step.'.length);
    },
    async auditedCapture(planId: string, stepId: string) {
      const { rows } = await database.execute<{ captured: string | null }>(sql`
        select p.payload::jsonb ->> 'captured' as captured from audit_events e join audit_payloads p using (chain, seq)
        where e.chain = ${`plan:${planId}`} and e.type = 'step.running'
          and p.payload::jsonb ->> 'step' = ${stepId} and p.payload::jsonb ? 'captured'
        order by e.seq desc limit 1`);
      return rows[0]?.captured ?? undefined;
    },
    async insertPlan(plan: Plan, steps: readonly Step[]) {
      await database.insert(schema.plans).values({ ...plan, authors: [...plan.authors] });
      await database
        .insert(schema.steps)
        .values(steps.map((step) => ({ ...step, needs: [...step.needs], targets: [...step.targets] })));
    },
    async insertDecision(decision: typeof schema.decisions.$inferInsert) {
      await database.insert(schema.decisions).values(decision);
    },
  };
}

/** Steps and decisions of a plan. */
export async function withParts(database: Database, plan: Plan): Promise<PlanRecord> {
  const steps = await database
    .select()
    .from(schema.steps)
    .where(eq(schema.steps.planId, plan.id))
    .orderBy(asc(schema.steps.position));
  // A plan that asks nobody has no decisions that could count.
  const decisions =
    plan.approval.kind === 'none'
      ? []
      : await database
          .select()
          .from(schema.decisions)
          .where(eq(schema.decisions.planId, plan.id))
          .orderBy(asc(schema.decisions.at));
  return { plan, steps: steps.map(toStep), decisions: decisions.map(toDecision) };
}

function threadRepository(database: Database, now: Date) {
  return {
    async conversationOf(thread: ThreadAddress) {
      const [row] = await database
        .select({ id: schema.chatThreads.conversationId })
        .from(schema.chatThreads)
        .where(inThread(schema.chatThreads, thread));
      return row?.id;
    },
    async insertThread(
      { platform, team, channel, thread }: ThreadAddress,
      conversationId: string,
      reference: Json = null,
    ) {
      const result = await database
        .insert(schema.chatThreads)
        .values({ platform, team, channel, thread, conversationId, reference })
        .onConflictDoNothing();
      return result.rowCount === 1;
    },
    async insertNotice(notice: Parameters<Transaction['insertNotice']>[0]) {
      const result = await database
        .insert(schema.approvalNotices)
        .values({ ...notice, at: now })
        .onConflictDoNothing();
      return result.rowCount === 1;
    },
  };
}

function conversationRepository(database: Database, now: Date) {
  return {
    async insertConversation(conversation: Parameters<Transaction['insertConversation']>[0]) {
      const { contextAuthors, ...rest } = conversation;
      await database
        .insert(schema.conversations)
        .values({ ...rest, contextAuthors: [...contextAuthors], createdAt: now, updatedAt: now });
    },
    async updateConversation(id: string, patch: Parameters<Transaction['updateConversation']>[1]) {
      const { contextAuthors, ...rest } = patch;
      await database
        .update(schema.conversations)
        .set({ ...rest, ...(contextAuthors ? { contextAuthors: [...contextAuthors] } : {}), updatedAt: now })
        .where(eq(schema.conversations.id, id));
    },
    async insertMessage(message: Parameters<Transaction['insertMessage']>[0], dedupeKey: string) {
      const result = await database
        .insert(schema.messages)
        .values({ ...message, authors: [...message.authors], dedupeKey })
        .onConflictDoNothing();
      return result.rowCount === 1;
    },
    async lockMessage(id: string) {
      const [row] = await database
        .select()
        .from(schema.messages)
        .where(eq(schema.messages.id, id))
        .for('update');
      return row ? toMessage(row) : undefined;
    },
    async updateMessage(id: string, patch: Parameters<Transaction['updateMessage']>[1]) {
      const { authors, ...rest } = patch;
      await database
        .update(schema.messages)
        .set({
          ...rest,
          ...(authors ? { authors: [...authors] } : {}),
          ...(patch.state === 'done' ? { doneAt: now } : {}),
        })
        .where(eq(schema.messages.id, id));
    },
    async insertQuestion(question: Parameters<Transaction['insertQuestion']>[0]) {
      await database.insert(schema.questions).values({ ...question, askedAt: now });
    },
    async lockQuestion(id: string) {
      const [row] = await database
        .select()
        .from(schema.questions)
        .where(and(eq(schema.questions.id, id), isNull(schema.questions.answeredAt)))
        .for('update');
      return row ? toQuestion(row) : undefined;
    },
    async answerQuestion(id: string, answer: string) {
      await database
        .update(schema.questions)
        .set({ answer, answeredAt: now })
        .where(eq(schema.questions.id, id));
    },
  };
}

function lockRepository(database: Database, now: Date) {
  return {
    async serialiseLocks() {
      await database.execute(sql`select pg_advisory_xact_lock(${lockOfLocks})`);
    },
    async locksOn(targets: readonly string[]) {
      const above = [...new Set(targets.flatMap(withContainers))];
      const { rows } = await database.execute<{ target: string; planId: string }>(sql`
        select target, plan_id as "planId" from locks where target = any(${sql.param(above)})
        union
        select l.target, l.plan_id from unnest(${sql.param([...targets])}::text[]) as t (target)
          join locks l on l.target > t.target || '/' and l.target < t.target || '0'`);
      return rows;
    },
    async insertLocks(planId: string, targets: readonly string[]) {
      await database.insert(schema.locks).values(targets.map((target) => ({ target, planId, takenAt: now })));
    },
    async releaseLocks(planId: string) {
      const result = await database.delete(schema.locks).where(eq(schema.locks.planId, planId));
      return result.rowCount ?? 0;
    },
    async lockWaiters() {
      const { rows } = await database.execute<{ planId: string; since: Date; targets: string[] }>(sql`
        select p.id as "planId", p.lock_requested_at as since, array_agg(distinct t.target) as targets
        from plans p join steps s on s.plan_id = p.id cross join unnest(s.targets) as t (target)
        where p.state = 'waiting-for-lock' and s.risk ->> 'effect' <> 'read'
        group by p.id order by p.lock_requested_at, p.id`);
      return rows.map((row) => ({ ...row, since: new Date(row.since) }));
    },
  };
}

/** A target and everything that contains it: `k8s:u/shop/deployment/a` lies in `k8s:u/shop/deployment`, and so on. */
function withContainers(target: string): string[] {
  const parts = target.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function freezeRepository(database: Database, now: Date) {
  return {
    async insertFreeze(freeze: typeof schema.freezes.$inferInsert) {
      await database.insert(schema.freezes).values(freeze);
    },
    async endFreezes(scope: string, by: string) {
      const rows = await database
        .update(schema.freezes)
        .set({ endedAt: now, endedBy: by })
        .where(and(eq(schema.freezes.scope, scope), isNull(schema.freezes.endedAt)))
        .returning();
      return rows.map(toFreeze);
    },
  };
}

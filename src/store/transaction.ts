import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';
import { canonicalJson, type Json } from '../domain/json.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { PlanPatch, PlanRecord, StepPatch, StoredEntry, Transaction } from '../engine/ports.ts';
import { toDecision, toFreeze, toMessage, toPlan, toQuestion, toStep } from './rows.ts';
import * as schema from './schema.ts';
import type { Database } from './store.ts';

/** Any number but the migrations'. */
const lockOfLocks = 7_294_622;

type Open = {
  tx: Transaction;
  /** Writes what was collected; the last thing before the commit. */
  flush(): Promise<void>;
  effects: (() => Promise<void>)[];
  /** The conversations that got entries. */
  conversations(): Set<string>;
};

/** The repositories of one open transaction. */
export function createTransaction(client: pg.PoolClient, now: Date): Open {
  const database = drizzle(client) as Database;
  const records = collectRecords(client, now);
  const effects: (() => Promise<void>)[] = [];
  const tx: Transaction = {
    now,
    ...planRepository(database),
    ...conversationRepository(database, now),
    ...lockRepository(database, now),
    ...freezeRepository(database, now),
    entry: records.entry,
    audit: records.audit,
    afterCommit: (effect) => {
      effects.push(effect);
    },
  };
  return { tx, flush: records.flush, effects, conversations: records.conversations };
}

function collectRecords(client: pg.PoolClient, now: Date) {
  const entries = new Map<string, StoredEntry & { at: string }>();
  const events: { chain: string; type: string; actor: string; at: string; payload: string }[] = [];
  const at = now.toISOString();
  return {
    entry(entry: StoredEntry) {
      entries.set(`${entry.conversationId} ${entry.key}`, { ...entry, at });
    },
    audit(chain: string, type: string, actor: string, payload: Json) {
      events.push({ chain, type, actor, at, payload: canonicalJson(payload) });
    },
    conversations: () => new Set([...entries.values()].map(({ conversationId }) => conversationId)),
    async flush() {
      if (entries.size === 0 && events.length === 0) return;
      await client.query({
        name: 'flush_records',
        text: 'select flush_records($1, $2)',
        values: [JSON.stringify([...entries.values()]), JSON.stringify(events)],
      });
    },
  };
}

function planRepository(database: Database) {
  return {
    async lockPlan(id: string): Promise<PlanRecord | undefined> {
      const [plan] = await database.select().from(schema.plans).where(eq(schema.plans.id, id)).for('update');
      return plan ? withParts(database, toPlan(plan)) : undefined;
    },
    async insertPlan(plan: Plan, steps: readonly Step[]) {
      await database.insert(schema.plans).values({ ...plan, authors: [...plan.authors] });
      await database
        .insert(schema.steps)
        .values(steps.map((step) => ({ ...step, needs: [...step.needs], targets: [...step.targets] })));
    },
    async updatePlan(plan: Plan, patch: PlanPatch): Promise<Plan> {
      const { authors, ...rest } = patch;
      const set = { ...rest, ...(authors ? { authors: [...authors] } : {}), version: plan.version + 1 };
      const result = await database
        .update(schema.plans)
        .set(set)
        .where(and(eq(schema.plans.id, plan.id), eq(schema.plans.version, plan.version)));
      if (result.rowCount !== 1) throw stale('plan', plan.id);
      return { ...plan, ...patch, version: set.version };
    },
    async updateStep(step: Step, patch: StepPatch): Promise<Step> {
      const set = { ...patch, version: step.version + 1 } as Partial<typeof schema.steps.$inferInsert>;
      const result = await database
        .update(schema.steps)
        .set(set)
        .where(and(eq(schema.steps.id, step.id), eq(schema.steps.version, step.version)));
      if (result.rowCount !== 1) throw stale('step', step.id);
      const next: Record<string, unknown> = { ...step, ...patch, version: step.version + 1 };
      for (const key of Object.keys(next)) if (next[key] === null) delete next[key];
      return next as Step;
    },
    async insertDecision(decision: typeof schema.decisions.$inferInsert) {
      await database.insert(schema.decisions).values(decision);
    },
  };
}

function stale(what: string, id: string): FaultError {
  return new FaultError('stale', `The ${what} ${id} has changed in the meantime; look at it again.`);
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

function conversationRepository(database: Database, now: Date) {
  return {
    async insertConversation(conversation: { id: string; title: string; createdBy: string }) {
      const { id, title, createdBy } = conversation;
      await database
        .insert(schema.conversations)
        .values({ id, title, createdBy, createdAt: now, updatedAt: now });
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
  const active = and(
    isNull(schema.freezes.endedAt),
    or(isNull(schema.freezes.until), sql`${schema.freezes.until} > ${now}`),
  );
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
    async activeFreezes() {
      return (await database.select().from(schema.freezes).where(active)).map(toFreeze);
    },
  };
}

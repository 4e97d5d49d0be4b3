import { and, asc, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { PlanFilter } from '../engine/filters.ts';
import type { Queries } from '../engine/ports.ts';
import { auditTrail } from './audit-trail.ts';
import { contains } from './contains.ts';
import { dueInvestigations, investigationQueries } from './investigation-repository.ts';
import { toConversation, toFreeze, toMessage, toPlan, toQuestion, toStep } from './rows.ts';
import * as schema from './schema.ts';
import { secretQueries } from './secret-repository.ts';
import { readStatistics } from './statistics.ts';
import type { Database } from './store.ts';
import { withParts } from './transaction.ts';

/** Reading outside a transaction. */
export function createQueries(database: Database): Queries {
  return {
    ...planQueries(database),
    ...messageQueries(database),
    ...dueQueries(database),
    ...chatQueries(database),
    ...investigationQueries(database),
    ...secretQueries(database),
  };
}

function planQueries(database: Database) {
  const stepById = database
    .select()
    .from(schema.steps)
    .where(eq(schema.steps.id, sql.placeholder('id')))
    .prepare('step_by_id');
  return {
    async plan(id: string) {
      const [row] = await database.select().from(schema.plans).where(eq(schema.plans.id, id));
      return row ? withParts(database, toPlan(row)) : undefined;
    },
    async plans(filter: PlanFilter) {
      const rows = await database
        .select()
        .from(schema.plans)
        .where(plansWhere(filter))
        .orderBy(desc(schema.plans.createdAt), desc(schema.plans.id))
        .limit(filter.limit);
      return rows.map(toPlan);
    },
    async step(id: string) {
      const [row] = await stepById.execute({ id });
      return row ? toStep(row) : undefined;
    },
    async freezes() {
      const rows = await database
        .select()
        .from(schema.freezes)
        .where(
          and(
            isNull(schema.freezes.endedAt),
            or(isNull(schema.freezes.until), sql`${schema.freezes.until} > now()`),
          ),
        );
      return rows.map(toFreeze);
    },
  };
}

function plansWhere(filter: PlanFilter) {
  const { conversationId, open, state, environment, person, text, underReview, after } = filter;
  const { plans, steps } = schema;
  return and(
    conversationId === undefined ? undefined : eq(plans.conversationId, conversationId),
    open ? isNull(plans.endedAt) : undefined,
    after &&
      sql`(${plans.createdAt}, ${plans.id}) < (${after.createdAt.toISOString()}::timestamptz, ${after.id})`,
    underReview ? sql`${plans.review} ->> 'state' in ('open', 'overdue')` : undefined,
    state === undefined ? undefined : eq(plans.state, state),
    person === undefined ? undefined : eq(plans.requester, person),
    text === undefined ? undefined : or(contains(plans.goal, text), contains(plans.id, text)),
    environment === undefined
      ? undefined
      : sql`exists (select from ${steps} where ${steps.planId} = ${plans.id} and ${steps.environment} = ${environment})`,
  );
}

function messageQueries(database: Database) {
  return {
    async message(id: string) {
      const [row] = await database.select().from(schema.messages).where(eq(schema.messages.id, id));
      return row ? toMessage(row) : undefined;
    },
    async messageByKey(dedupeKey: string) {
      const [row] = await database
        .select()
        .from(schema.messages)
        .where(eq(schema.messages.dedupeKey, dedupeKey));
      return row ? toMessage(row) : undefined;
    },
    async conversation(id: string) {
      const [row] = await database.select().from(schema.conversations).where(eq(schema.conversations.id, id));
      return row ? toConversation(row) : undefined;
    },
    async hasSpoken(conversationId: string, person: string) {
      const { messages } = schema;
      const own = and(eq(messages.conversationId, conversationId), eq(messages.person, person));
      return (await database.select({ id: messages.id }).from(messages).where(own).limit(1)).length > 0;
    },
    async openQuestion(conversationId: string, person: string) {
      const [row] = await database
        .select()
        .from(schema.questions)
        .where(
          and(
            eq(schema.questions.conversationId, conversationId),
            eq(schema.questions.person, person),
            isNull(schema.questions.answeredAt),
          ),
        )
        .orderBy(desc(schema.questions.askedAt))
        .limit(1);
      return row ? toQuestion(row) : undefined;
    },
  };
}

function dueQueries(database: Database): Pick<Queries, 'due'> {
  return {
    async due({ now, messageAgeMs, readyAgeMs, leaseGraceMs, limit }) {
      const { plans, steps, messages } = schema;
      const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
      const open = await database
        .select({ id: messages.id, state: messages.state })
        .from(messages)
        .where(
          and(inArray(messages.state, ['received', 'preparing']), lt(messages.receivedAt, ago(messageAgeMs))),
        )
        .limit(limit);
      const expired = await database
        .select({ id: plans.id })
        .from(plans)
        .where(and(eq(plans.state, 'waiting-for-approval'), lt(plans.expiresAt, now)))
        .limit(limit);
      const waiting = await waitingSteps(database, ago(readyAgeMs), limit);
      const lost = await database
        .select({ id: steps.id, planId: steps.planId })
        .from(steps)
        .where(lt(steps.leaseUntil, ago(leaseGraceMs)))
        .limit(limit);
      const waiters = await database
        .select({ id: plans.id })
        .from(plans)
        .where(eq(plans.state, 'waiting-for-lock'))
        .orderBy(asc(plans.lockRequestedAt))
        .limit(limit);
      const stalled = await database
        .select({ id: plans.id })
        .from(plans)
        .where(
          and(
            inArray(plans.state, ['previewed', 'drafted']),
            lt(sql`coalesce(${plans.lockRequestedAt}, ${plans.createdAt})`, ago(messageAgeMs)),
          ),
        )
        .limit(limit);
      const undos = await database
        .select({ id: plans.id })
        .from(plans)
        .where(and(eq(plans.state, 'waiting-for-approval'), inArray(plans.undoVia, ['button', 'command'])))
        .limit(limit);
      const overdue = await database
        .select({ id: plans.id })
        .from(plans)
        .where(
          sql`${plans.review} ->> 'state' = 'open' and (${plans.review} ->> 'dueAt')::timestamptz < ${now.toISOString()}`,
        )
        .limit(limit);
      return {
        messages: open,
        expired: expired.map(({ id }) => id),
        steps: waiting,
        lostSteps: lost,
        lockWaiters: waiters.map(({ id }) => id),
        stalledPlans: stalled.map(({ id }) => id),
        ungrantedUndos: undos.map(({ id }) => id),
        overdueReviews: overdue.map(({ id }) => id),
        investigations: await dueInvestigations(database, now, ago(messageAgeMs), limit),
      };
    },
  };
}

/** Steps that no worker has. One that a person has to look at has ended and waits for no worker. */
async function waitingSteps(database: Database, before: Date, limit: number) {
  const { steps } = schema;
  return database
    .select({ id: steps.id, version: steps.version })
    .from(steps)
    .where(
      and(
        inArray(steps.state, ['ready', 'unclear', 'rolling-back', 'verifying']),
        isNull(steps.leaseUntil),
        isNull(steps.endedAt),
        lt(steps.readyAt, before),
      ),
    )
    .orderBy(asc(steps.readyAt))
    .limit(limit);
}

function chatQueries(
  database: Database,
): Pick<Queries, 'auditTrail' | 'statistics' | 'conversationsOf' | 'entries' | 'entryMarks'> {
  return {
    auditTrail: (filter) => auditTrail(database, filter),
    statistics: (filter) => readStatistics(database, filter),
    async conversationsOf(limit) {
      const rows = await database
        .select()
        .from(schema.conversations)
        .orderBy(desc(schema.conversations.updatedAt))
        .limit(limit);
      return rows.map(toConversation);
    },
    async entries(conversationId) {
      const rows = await database
        .select()
        .from(schema.chatEntries)
        .where(eq(schema.chatEntries.conversationId, conversationId))
        .orderBy(asc(schema.chatEntries.firstSeq));
      return rows.map(({ planId, onlyFor, ...row }) => ({
        ...row,
        ...(planId === null ? {} : { planId }),
        ...(onlyFor === null ? {} : { onlyFor }),
      }));
    },
    async entryMarks(conversationId) {
      return database
        .select({ key: schema.chatEntries.key, seq: schema.chatEntries.seq })
        .from(schema.chatEntries)
        .where(eq(schema.chatEntries.conversationId, conversationId));
    },
  };
}

import { and, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Json } from '../domain/json.ts';
import type { ChatStore, TakenThread } from '../engine/chat/ports.ts';
import { inThread } from './in-thread.ts';
import { approvalNotices, chatPosts, chatThreads } from './schema.ts';

/** Threads on chat platforms and what was posted there. */
export function createChatStore(pool: pg.Pool): ChatStore {
  const database = drizzle(pool);
  return {
    async takeThreads(platforms, limit, leaseSeconds) {
      const { rows } = await database.execute<Row>(sql`
        with due as (
          select platform, team, channel, thread from chat_threads
          where pending_since is not null and platform in ${[...platforms]}
            and (lease_until is null or lease_until < now()) and (blocked_until is null or blocked_until < now())
          order by pending_since limit ${limit} for update skip locked)
        update chat_threads t set lease_until = now() + make_interval(secs => ${leaseSeconds}) from due
        where (t.platform, t.team, t.channel, t.thread) = (due.platform, due.team, due.channel, due.thread)
        returning t.platform, t.team, t.channel, t.thread, t.conversation_id, t.reference, t.quiet, t.failures,
          t.pending_since::text as pending, t.lease_until::text as lease`);
      return rows.map(toThread);
    },
    async keepThread(thread, leaseSeconds) {
      const [kept] = await database
        .update(chatThreads)
        .set({ leaseUntil: sql`now() + make_interval(secs => ${leaseSeconds})` })
        .where(held(thread))
        .returning({ lease: sql<string>`${chatThreads.leaseUntil}::text` });
      return kept?.lease;
    },
    async releaseThread(thread, outcome) {
      const patch = outcome.ok
        ? {
            leaseUntil: null,
            blockedUntil: null,
            failures: 0,
            problem: null,
            ...(outcome.more
              ? {}
              : { pendingSince: sql`nullif(${chatThreads.pendingSince}, ${thread.pending}::timestamptz)` }),
          }
        : {
            leaseUntil: null,
            blockedUntil: outcome.retryAt,
            failures: sql`${chatThreads.failures} + 1`,
            problem: outcome.problem.slice(0, 500),
          };
      await database.update(chatThreads).set(patch).where(held(thread));
    },
    async threadOf(address) {
      const [row] = await database.select().from(chatThreads).where(inThread(chatThreads, address));
      return row && { conversationId: row.conversationId, quiet: row.quiet };
    },
    async openThread(address, name) {
      await database.transaction(async (tx) => {
        const opened = { ...address, thread: name };
        // Somebody may have answered there in this very moment: their thread shows this conversation from now on.
        await tx.delete(chatThreads).where(inThread(chatThreads, opened));
        await tx.update(chatThreads).set({ thread: name }).where(inThread(chatThreads, address));
        await tx.update(chatPosts).set({ thread: name }).where(inThread(chatPosts, address));
      });
    },
    async setQuiet(address, quiet) {
      await database.update(chatThreads).set({ quiet }).where(inThread(chatThreads, address));
    },
    async noticed(planId, revision) {
      const rows = await database
        .select({ rung: approvalNotices.rung, person: approvalNotices.person })
        .from(approvalNotices)
        .where(and(eq(approvalNotices.planId, planId), eq(approvalNotices.revision, revision)));
      return rows;
    },
    async waiting() {
      const { rows } = await database.execute<{
        threads: string;
        oldest: string | null;
        problem: string | null;
      }>(sql`
        select count(*) as threads, min(pending_since) as oldest, max(problem) as problem from chat_threads
        where pending_since is not null and (failures > 0 or pending_since < now() - interval '30 seconds')`);
      const [row] = rows;
      return {
        threads: Number(row?.threads ?? 0),
        ...(row?.oldest ? { oldest: new Date(row.oldest) } : {}),
        ...(row?.problem ? { problem: row.problem } : {}),
      };
    },
    ...postRepository(pool),
  };
}

function postRepository(pool: pg.Pool): Pick<ChatStore, 'posts' | 'beginPost' | 'finishPost' | 'postOf'> {
  const database = drizzle(pool);
  return {
    async posts(thread) {
      const rows = await database.select().from(chatPosts).where(inThread(chatPosts, thread));
      return rows.map(({ key, seq, onlyFor, postedIn, messageId }) => ({
        key,
        seq,
        ...(onlyFor ? { onlyFor } : {}),
        ...(postedIn && messageId ? { posted: { channel: postedIn, message: messageId } } : {}),
      }));
    },
    async beginPost({ platform, team, channel, thread }, { key, planId, onlyFor }) {
      const row = {
        platform,
        team,
        channel,
        thread,
        key,
        seq: 0,
        planId: planId ?? null,
        onlyFor: onlyFor ?? null,
      };
      await database.insert(chatPosts).values(row).onConflictDoNothing();
    },
    async finishPost(thread, { key, seq, planId, onlyFor }, posted) {
      const where = posted ? { postedIn: posted.channel, messageId: posted.message } : {};
      await database
        .update(chatPosts)
        .set({ seq, planId: planId ?? null, onlyFor: onlyFor ?? null, ...where })
        .where(and(inThread(chatPosts, thread), eq(chatPosts.key, key)));
    },
    async postOf(platform, team, on) {
      const { rows } = await database.execute<PostRow>(sql`
        select t.conversation_id, p.key, p.plan_id, p.only_for from chat_posts p
          join chat_threads t using (platform, team, channel, thread)
        where p.platform = ${platform} and p.team = ${team} and p.posted_in = ${on.channel}
          and p.message_id = ${on.message}`);
      const [row] = rows;
      return (
        row && {
          conversationId: row.conversation_id,
          key: row.key,
          ...(row.plan_id ? { planId: row.plan_id } : {}),
          ...(row.only_for ? { onlyFor: row.only_for } : {}),
        }
      );
    },
  };
}

function held(thread: TakenThread) {
  return and(inThread(chatThreads, thread), sql`${chatThreads.leaseUntil} = ${thread.lease}::timestamptz`);
}

type Row = {
  platform: string;
  team: string;
  channel: string;
  thread: string;
  conversation_id: string;
  reference: Json;
  quiet: boolean;
  failures: number;
  pending: string;
  lease: string;
};
type PostRow = { conversation_id: string; key: string; plan_id: string | null; only_for: string | null };

function toThread({ conversation_id, reference, ...row }: Row): TakenThread {
  return { ...row, conversationId: conversation_id, ...(reference === null ? {} : { reference }) };
}

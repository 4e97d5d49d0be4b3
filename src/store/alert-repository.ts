import { and, eq, gt, sql } from 'drizzle-orm';
import type { Transaction } from '../engine/ports.ts';
import { alerts, alertThreads } from './alert-schema.ts';
import { messages } from './schema.ts';
import type { Database } from './store.ts';

type Alerts = Pick<
  Transaction,
  'lockAlertThread' | 'putAlertThread' | 'putAlert' | 'alertCounts' | 'messageKeys'
>;

/** Alerts and the conversations they are told in. */
export function alertRepository(database: Database, now: Date): Alerts {
  return {
    async lockAlertThread(kind) {
      await database.execute(sql`select pg_advisory_xact_lock(hashtextextended(${kind}, 0))`);
      const [row] = await database.select().from(alertThreads).where(eq(alertThreads.kind, kind));
      return row && { conversationId: row.conversationId, lastAt: row.lastAt };
    },
    async putAlertThread(kind, conversationId) {
      const set = { conversationId, lastAt: now };
      await database
        .insert(alertThreads)
        .values({ kind, ...set })
        .onConflictDoUpdate({ target: alertThreads.kind, set });
    },
    async putAlert({ fingerprint, startsAt, firing }, conversationId) {
      const result = await database
        .insert(alerts)
        .values({ fingerprint, startsAt, firing, conversationId })
        .onConflictDoUpdate({
          target: [alerts.fingerprint, alerts.startsAt],
          set: { firing },
          // What is resolved does not fire again: a late "firing" of the same start is an old one.
          setWhere: and(alerts.firing, sql`not ${firing}::boolean`) ?? sql`false`,
        });
      return result.rowCount === 1;
    },
    async alertCounts(conversationId) {
      const rows = await database
        .select({ firing: alerts.firing, count: sql<number>`count(*)::integer` })
        .from(alerts)
        .where(eq(alerts.conversationId, conversationId))
        .groupBy(alerts.firing);
      const count = (firing: boolean) => rows.find((row) => row.firing === firing)?.count ?? 0;
      return { firing: count(true), resolved: count(false) };
    },
    async messageKeys(prefix, since) {
      const rows = await database
        .select({ key: messages.dedupeKey })
        .from(messages)
        .where(and(sql`starts_with(${messages.dedupeKey}, ${prefix})`, gt(messages.receivedAt, since)));
      return rows.map(({ key }) => key);
    },
  };
}

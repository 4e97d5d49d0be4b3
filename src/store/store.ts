import { and, eq, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { Store } from '../engine/ports.ts';
import { explainLoss } from './lost-connection.ts';
import { createQueries } from './queries.ts';
import { rewrapAll } from './rewrap.ts';
import * as schema from './schema.ts';
import { createTransaction } from './transaction.ts';

export type Database = NodePgDatabase<Record<string, never>>;

export type StoreOptions = {
  clock: Clock;
  logger: Logger;
  /** Told after each commit which conversation shows something new. */
  changed?: (conversationId: string) => void;
};

/** The store over one pool. Who ends the pool is who made it. */
export function createStore(pool: pg.Pool, options: StoreOptions): Store {
  const database = drizzle(pool) as Database;
  return {
    queries: createQueries(database),
    transaction: (work) => runTransaction(pool, options, work),
    rewrapSealed: (masterKey, rewrap) => rewrapAll(database, masterKey, rewrap),
    async extendLease(stepId, version, worker, until) {
      const result = await database
        .update(schema.steps)
        .set({ leaseUntil: sql`greatest(${schema.steps.leaseUntil}, ${until})` })
        .where(
          and(
            eq(schema.steps.id, stepId),
            eq(schema.steps.version, version),
            eq(schema.steps.worker, worker),
          ),
        );
      return result.rowCount === 1;
    },
    async noteStep(stepId, version, note) {
      const [step] = await database
        .update(schema.steps)
        .set({ note })
        .where(and(eq(schema.steps.id, stepId), eq(schema.steps.version, version)))
        .returning({ planId: schema.steps.planId });
      if (!step) return;
      const [entry] = await database
        .update(schema.chatEntries)
        .set({ seq: sql`nextval('chat_seq')` })
        .where(and(eq(schema.chatEntries.planId, step.planId), eq(schema.chatEntries.kind, 'progress')))
        .returning({ conversationId: schema.chatEntries.conversationId });
      if (!entry) return;
      const { chatThreads: threads } = schema;
      const shownIn = eq(threads.conversationId, entry.conversationId);
      await database.update(threads).set({ pendingSince: sql`now()` }).where(shownIn);
      options.changed?.(entry.conversationId);
    },
  };
}

async function runTransaction<T>(
  pool: pg.Pool,
  { clock, logger, changed }: StoreOptions,
  work: Parameters<Store['transaction']>[0],
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw explainLoss(error);
  });
  const { tx, commit, rollback, effects, conversations } = createTransaction(client, clock.now());
  let broken = false;
  let result: T;
  try {
    result = (await work(tx)) as T;
    await commit();
  } catch (error) {
    await rollback().catch(() => {
      broken = true;
    });
    throw explainStale(explainLoss(error));
  } finally {
    client.release(broken);
  }
  for (const conversationId of conversations()) changed?.(conversationId);
  for (const effect of effects) {
    await effect().catch((error: Error) => {
      logger.warn({ error: error.message }, 'an effect after commit failed; the sweep makes it good');
    });
  }
  return result;
}

/** `write_changes` refuses a change whose row has moved on; its words are for people. */
function explainStale(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  return code === 'RG001' ? new FaultError('stale', message) : error;
}

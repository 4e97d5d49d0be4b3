import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { FaultError } from '../domain/fault.ts';
import type { Investigation } from '../domain/investigation.ts';
import type { Due, Queries, Transaction } from '../engine/ports.ts';
import { investigations } from './investigation-schema.ts';
import type { Database } from './store.ts';

type Row = typeof investigations.$inferSelect;
type Writes = Pick<Transaction, 'insertInvestigation' | 'lockInvestigation' | 'updateInvestigation'>;

/** Messages that a language model works on, within a transaction. */
export function investigationRepository(database: Database, now: Date): Writes {
  return {
    async insertInvestigation(investigation) {
      await database.insert(investigations).values(toRow(investigation));
    },
    async lockInvestigation(id) {
      const [row] = await database
        .select()
        .from(investigations)
        .where(eq(investigations.id, id))
        .for('update');
      return row && toInvestigation(row);
    },
    async updateInvestigation({ id, version }, patch) {
      const result = await database
        .update(investigations)
        .set({ ...toRow(patch), version: version + 1, touchedAt: now })
        .where(and(eq(investigations.id, id), eq(investigations.version, version)));
      if (result.rowCount !== 1) throw new FaultError('stale', `The investigation ${id} has moved on.`);
    },
  };
}

/** Outside of transactions. */
export function investigationQueries(database: Database): Pick<Queries, 'investigation' | 'spentSince'> {
  return {
    async investigation(id) {
      const [row] = await database.select().from(investigations).where(eq(investigations.id, id));
      return row && toInvestigation(row);
    },
    async spentSince(since, person) {
      const [row] = await database
        .select({ usd: sql<string>`coalesce(sum((spent ->> 'usd')::numeric), 0)` })
        .from(investigations)
        .where(
          and(
            sql`${investigations.startedAt} >= ${since.toISOString()}`,
            person === undefined ? undefined : eq(investigations.person, person),
          ),
        );
      return Number(row?.usd ?? 0);
    },
  };
}

/** Open ones that nobody has touched for a while and nobody holds. */
export async function dueInvestigations(
  database: Database,
  now: Date,
  untouchedSince: Date,
  limit: number,
): Promise<Due['investigations']> {
  const { id, state, touchedAt, leaseUntil } = investigations;
  return database
    .select({ id, state })
    .from(investigations)
    .where(
      and(
        inArray(state, ['thinking', 'looking']),
        lt(touchedAt, untouchedSince),
        or(isNull(leaseUntil), lt(leaseUntil, now)),
      ),
    )
    .limit(limit);
}

function toInvestigation({ leaseUntil, ...row }: Row): Investigation {
  return { ...row, ...(leaseUntil === null ? {} : { leaseUntil }) };
}

function toRow<T extends Partial<Investigation>>(
  value: Omit<T, 'leaseUntil'> & { leaseUntil?: Date | null },
): Row {
  const copied = Object.entries(value).map(([key, each]) => [key, Array.isArray(each) ? [...each] : each]);
  return Object.fromEntries(copied) as Row;
}

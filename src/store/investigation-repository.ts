import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { FaultError } from '../domain/fault.ts';
import type { Investigation } from '../domain/investigation.ts';
import type { Due, Queries, Transaction } from '../engine/ports.ts';
import { investigations } from './investigation-schema.ts';
import type { Database } from './store.ts';

/** Any number but those of the other locks. */
const lockOfSpending = 7_294_623;

type Row = typeof investigations.$inferSelect;
type Writes = Pick<
  Transaction,
  'spending' | 'insertInvestigation' | 'lockInvestigation' | 'updateInvestigation'
>;

/** Messages that a language model works on, within a transaction. */
export function investigationRepository(database: Database, now: Date): Writes {
  return {
    async spending(since, reserve, person) {
      // One at a time, so that many at once do not all see the same rest.
      await database.execute(sql`select pg_advisory_xact_lock(${lockOfSpending})`);
      const { rows } = await database.execute<{ own: string; every: string; open: string }>(sql`
        select coalesce(sum(usd) filter (where mine), 0) as own, coalesce(sum(usd), 0) as every,
          count(*) filter (where mine and busy) as open
        from (select person = ${person} as mine, state in ('thinking', 'looking') as busy,
            case when state in ('thinking', 'looking') then greatest((spent ->> 'usd')::numeric, ${reserve}::numeric)
              else (spent ->> 'usd')::numeric end as usd
          from investigations where started_at >= ${since.toISOString()}::timestamptz) s`);
      const [row] = rows;
      return { own: Number(row?.own ?? 0), all: Number(row?.every ?? 0), open: Number(row?.open ?? 0) };
    },
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
export function investigationQueries(database: Database): Pick<Queries, 'investigation'> {
  return {
    async investigation(id) {
      const [row] = await database.select().from(investigations).where(eq(investigations.id, id));
      return row && toInvestigation(row);
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

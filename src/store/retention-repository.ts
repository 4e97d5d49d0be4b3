import { type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../engine/ports.ts';
import type { Database } from './store.ts';

/** Erasing what is old, by functions that refuse what is younger than a day. */
export function retentionRepository(database: Database): Pick<Transaction, 'erasePayloads' | 'eraseChat'> {
  const ids = async (query: SQL) => (await database.execute<{ id: string }>(query)).rows.map(({ id }) => id);
  return {
    erasePayloads: (before, batch) =>
      ids(sql`select erase_payloads(${before.toISOString()}, ${batch}) as id`),
    eraseChat: (before, batch) => ids(sql`select erase_chat(${before.toISOString()}, ${batch}) as id`),
  };
}

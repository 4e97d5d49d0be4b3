import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** Whether a text stands in a column. Case does not matter, and no character of it stands for another. */
export function contains(column: AnyPgColumn, text: string): SQL {
  return sql`strpos(lower(${column}), lower(${text})) > 0`;
}

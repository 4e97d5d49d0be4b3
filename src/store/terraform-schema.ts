import { bigint, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Sealed } from '../domain/ports/secrets.ts';
import { when } from './columns.ts';

/** `info` is what Terraform said of itself. */
export type KeptLock = { id: string; step: string; operation: string; info: string; since: string };

export const terraformLocks = pgTable('terraform_locks', {
  connection: text('connection').primaryKey(),
  lock: jsonb('lock').$type<KeptLock>(),
  lockedBy: text('locked_by'),
});

export const terraformStates = pgTable(
  'terraform_states',
  {
    connection: text('connection').notNull(),
    version: integer('version').notNull(),
    lineage: text('lineage').notNull(),
    serial: bigint('serial', { mode: 'number' }).notNull(),
    sealed: jsonb('sealed').$type<Sealed>().notNull(),
    writtenBy: text('written_by').notNull(),
    writtenAt: when('written_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.connection, table.version] })],
);

export const terraformPlans = pgTable(
  'terraform_plans',
  {
    connection: text('connection').notNull(),
    key: text('key').notNull(),
    sha256: text('sha256').notNull(),
    sealed: jsonb('sealed').$type<Sealed>().notNull(),
    madeAt: when('made_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.connection, table.key] })],
);

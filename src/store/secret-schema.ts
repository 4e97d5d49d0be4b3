import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Sealed } from '../domain/ports/secrets.ts';
import { when } from './columns.ts';

export const secrets = pgTable(
  'secrets',
  {
    name: text('name').notNull(),
    environment: text('environment').notNull(),
    tool: text('tool').notNull(),
    version: integer('version').notNull(),
    sealed: jsonb('sealed').$type<Sealed>().notNull(),
    refersTo: text('refers_to'),
    setBy: text('set_by').notNull(),
    setAt: when('set_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.name, table.environment, table.tool] })],
);

export const foundSecrets = pgTable('found_secrets', {
  name: text('name').primaryKey(),
  messageId: text('message_id').notNull(),
  environment: text('environment').notNull(),
  sealed: jsonb('sealed').$type<Sealed>().notNull(),
  foundAt: when('found_at').notNull(),
});

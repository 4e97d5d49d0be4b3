import { boolean, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { when } from './columns.ts';

// Members of groups, and alerts.

export const groupMembers = pgTable('group_members', {
  groupKey: text('group_key').primaryKey(),
  members: text('members').array().notNull(),
  at: text('at').notNull(),
  signature: text('signature').notNull(),
});

export const alertThreads = pgTable('alert_threads', {
  kind: text('kind').primaryKey(),
  conversationId: text('conversation_id').notNull(),
  lastAt: when('last_at').notNull(),
});

export const alerts = pgTable(
  'alerts',
  {
    fingerprint: text('fingerprint').notNull(),
    startsAt: when('starts_at').notNull(),
    conversationId: text('conversation_id').notNull(),
    firing: boolean('firing').notNull(),
  },
  (table) => [primaryKey({ columns: [table.fingerprint, table.startsAt] })],
);

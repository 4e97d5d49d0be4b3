import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Investigation, Look, Spent } from '../domain/investigation.ts';
import type { Json } from '../domain/json.ts';
import { when } from './columns.ts';

export const investigations = pgTable('investigations', {
  id: text('id').primaryKey(),
  conversationId: text('conversation_id').notNull(),
  person: text('person').notNull(),
  authors: text('authors').array().notNull(),
  words: text('words').array().notNull(),
  state: text('state').$type<Investigation['state']>().notNull(),
  version: integer('version').notNull(),
  transcript: jsonb('transcript').$type<Json[]>().notNull(),
  looks: jsonb('looks').$type<Look[]>().notNull(),
  looked: jsonb('looked').$type<Investigation['looked'][number][]>().notNull(),
  spent: jsonb('spent').$type<Spent>().notNull(),
  repairs: integer('repairs').notNull().default(0),
  failures: integer('failures').notNull().default(0),
  model: text('model').notNull(),
  prompts: text('prompts').notNull(),
  startedAt: when('started_at').notNull(),
  touchedAt: when('touched_at').notNull(),
  leaseUntil: when('lease_until'),
});

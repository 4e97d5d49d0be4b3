import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Approval, DecisionVia, Verdict } from '../domain/approval.ts';
import type { ThreadContext } from '../domain/draft.ts';
import type { Tier } from '../domain/environment.ts';
import type { Fault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { OperationId, Preview, Verification } from '../domain/operation.ts';
import type { OnFailure, Plan, PlannedBy, PlanState, Review, Step, StepState } from '../domain/plan.ts';
import type { Binding } from '../domain/references.ts';
import type { Risk } from '../domain/risk.ts';
import type { MessageDraft, MessageState, QuestionBody } from '../engine/ports.ts';
import { when } from './columns.ts';

// The shape of `migrations/`, which is the truth: a test compares the two.

const texts = (name: string) => text(name).array().notNull();

export const conversations = pgTable('conversations', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  createdBy: text('created_by').notNull(),
  context: jsonb('context').$type<ThreadContext>().notNull().default({}),
  contextAuthors: texts('context_authors').default(sql`'{}'`),
  createdAt: when('created_at').notNull(),
  updatedAt: when('updated_at').notNull(),
  erasedAt: when('erased_at'),
});

export const messages = pgTable('messages', {
  id: text('id').primaryKey(),
  conversationId: text('conversation_id').notNull(),
  dedupeKey: text('dedupe_key').notNull(),
  person: text('person').notNull(),
  text: text('text').notNull(),
  state: text('state').$type<MessageState>().notNull(),
  draft: jsonb('draft').$type<MessageDraft>(),
  authors: texts('authors').default(sql`'{}'`),
  addressed: boolean('addressed').notNull().default(true),
  planId: text('plan_id'),
  attempts: integer('attempts').notNull().default(0),
  outcome: text('outcome'),
  followUp: text('follow_up'),
  alert: text('alert'),
  receivedAt: when('received_at').notNull(),
  doneAt: when('done_at'),
});

export const questions = pgTable('questions', {
  id: text('id').primaryKey(),
  conversationId: text('conversation_id').notNull(),
  messageId: text('message_id').notNull(),
  person: text('person').notNull(),
  body: jsonb('body').$type<QuestionBody>().notNull(),
  answer: text('answer'),
  askedAt: when('asked_at').notNull(),
  answeredAt: when('answered_at'),
});

export const chatEntries = pgTable(
  'chat_entries',
  {
    conversationId: text('conversation_id').notNull(),
    key: text('key').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    firstSeq: bigint('first_seq', { mode: 'number' }).notNull(),
    kind: text('kind').notNull(),
    planId: text('plan_id'),
    body: jsonb('body').$type<Json>().notNull(),
    onlyFor: text('only_for'),
    at: when('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.key] })],
);

export const plans = pgTable('plans', {
  id: text('id').primaryKey(),
  conversationId: text('conversation_id').notNull(),
  messageId: text('message_id'),
  goal: text('goal').notNull(),
  state: text('state').$type<PlanState>().notNull(),
  version: integer('version').notNull(),
  revision: integer('revision').notNull(),
  requester: text('requester').notNull(),
  authors: texts('authors'),
  onFailure: text('on_failure').$type<OnFailure>().notNull(),
  undoOf: text('undo_of'),
  undoVia: text('undo_via').$type<NonNullable<Plan['undoVia']>>(),
  digest: text('digest').notNull(),
  approval: jsonb('approval').$type<Approval>().notNull(),
  policyHash: text('policy_hash').notNull(),
  expiresAt: when('expires_at'),
  cancelRequested: boolean('cancel_requested').notNull().default(false),
  review: jsonb('review').$type<Review>(),
  plannedBy: jsonb('planned_by').$type<PlannedBy>(),
  alert: text('alert'),
  note: text('note'),
  outcome: text('outcome'),
  lockRequestedAt: when('lock_requested_at'),
  createdAt: when('created_at').notNull(),
  startedAt: when('started_at'),
  endedAt: when('ended_at'),
  erasedAt: when('erased_at'),
});

export const steps = pgTable('steps', {
  id: text('id').primaryKey(),
  planId: text('plan_id').notNull(),
  key: text('key').notNull(),
  position: integer('position').notNull(),
  operation: text('operation').$type<OperationId>().notNull(),
  operationVersion: integer('operation_version').notNull(),
  mode: text('mode').$type<Step['mode']>().notNull(),
  undoOf: text('undo_of'),
  request: jsonb('request').$type<Json>().notNull(),
  input: jsonb('input').$type<Json>().notNull(),
  bindings: jsonb('bindings').$type<readonly Binding[]>(),
  needs: texts('needs'),
  state: text('state').$type<StepState>().notNull(),
  version: integer('version').notNull(),
  environment: text('environment'),
  place: text('place'),
  tier: text('tier').$type<Tier>().notNull(),
  targets: texts('targets'),
  risk: jsonb('risk').$type<Risk>().notNull(),
  undoKind: text('undo_kind').$type<Step['undoKind']>().notNull(),
  title: text('title').notNull(),
  byHand: text('by_hand'),
  note: text('note'),
  preview: jsonb('preview').$type<Preview>(),
  credentials: jsonb('credentials').$type<Record<string, string>>(),
  captured: jsonb('captured').$type<Json>(),
  output: jsonb('output').$type<Json>(),
  verification: jsonb('verification').$type<Verification>(),
  fault: jsonb('fault').$type<Fault>(),
  leaseUntil: when('lease_until'),
  worker: text('worker'),
  attempts: integer('attempts').notNull().default(0),
  readyAt: when('ready_at'),
  startedAt: when('started_at'),
  endedAt: when('ended_at'),
});

export const locks = pgTable('locks', {
  target: text('target').primaryKey(),
  planId: text('plan_id').notNull(),
  takenAt: when('taken_at').notNull(),
});

export const decisions = pgTable('decisions', {
  id: text('id').primaryKey(),
  planId: text('plan_id').notNull(),
  revision: integer('revision').notNull(),
  digest: text('digest').notNull(),
  person: text('person').notNull(),
  verdict: text('verdict').$type<Verdict>().notNull(),
  via: text('via').$type<DecisionVia>().notNull(),
  reason: text('reason'),
  at: text('at').notNull(),
  signature: text('signature').notNull(),
});

export const freezes = pgTable('freezes', {
  id: text('id').primaryKey(),
  scope: text('scope').notNull(),
  reason: text('reason').notNull(),
  by: text('frozen_by').notNull(),
  from: when('frozen_at').notNull(),
  until: when('until'),
  endedAt: when('ended_at'),
  endedBy: text('ended_by'),
});

export const signInLinks = pgTable('sign_in_links', {
  tokenHash: text('token_hash').primaryKey(),
  person: text('person').notNull(),
  expiresAt: when('expires_at').notNull(),
  usedAt: when('used_at'),
});

export const sessions = pgTable('sessions', {
  tokenHash: text('token_hash').primaryKey(),
  person: text('person').notNull(),
  createdAt: when('created_at').notNull(),
  expiresAt: when('expires_at').notNull(),
});

export const chatThreads = pgTable(
  'chat_threads',
  {
    platform: text('platform').notNull(),
    team: text('team').notNull(),
    channel: text('channel').notNull(),
    thread: text('thread').notNull(),
    conversationId: text('conversation_id').notNull(),
    reference: jsonb('reference').$type<Json>(),
    quiet: boolean('quiet').notNull().default(false),
    pendingSince: when('pending_since'),
    leaseUntil: when('lease_until'),
    blockedUntil: when('blocked_until'),
    failures: integer('failures').notNull().default(0),
    problem: text('problem'),
  },
  (table) => [primaryKey({ columns: [table.platform, table.team, table.channel, table.thread] })],
);

export const chatPosts = pgTable(
  'chat_posts',
  {
    platform: text('platform').notNull(),
    team: text('team').notNull(),
    channel: text('channel').notNull(),
    thread: text('thread').notNull(),
    key: text('key').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    planId: text('plan_id'),
    onlyFor: text('only_for'),
    postedIn: text('posted_in'),
    messageId: text('message_id'),
  },
  (table) => [primaryKey({ columns: [table.platform, table.team, table.channel, table.thread, table.key] })],
);

export const approvalNotices = pgTable('approval_notices', {
  planId: text('plan_id').notNull(),
  revision: integer('revision').notNull(),
  rung: integer('rung').notNull(),
  person: text('person').notNull(),
  at: when('at').notNull(),
});

export const auditHeads = pgTable('audit_heads', {
  chain: text('chain').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
  checkpointedSeq: bigint('checkpointed_seq', { mode: 'number' }).notNull().default(0),
});

export const auditEvents = pgTable('audit_events', {
  chain: text('chain').notNull(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  at: text('at').notNull(),
  type: text('type').notNull(),
  actor: text('actor').notNull(),
  payloadHash: text('payload_hash').notNull(),
  previous: text('previous').notNull(),
  hash: text('hash').notNull(),
});

export const auditPayloads = pgTable('audit_payloads', {
  chain: text('chain').notNull(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  payload: text('payload').notNull(),
});

export const auditCheckpoints = pgTable('audit_checkpoints', {
  id: bigint('id', { mode: 'number' }).primaryKey(),
  at: text('at').notNull(),
  previous: text('previous').notNull(),
  heads: jsonb('heads').$type<{ chain: string; seq: number; hash: string }[]>().notNull(),
  hash: text('hash').notNull(),
  signature: text('signature').notNull(),
});

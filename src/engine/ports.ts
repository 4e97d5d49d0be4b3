import type { Decision } from '../domain/approval.ts';
import type { AuditChain } from '../domain/audit.ts';
import type { Draft, ThreadContext } from '../domain/draft.ts';
import type { Freeze } from '../domain/freeze.ts';
import type { Investigation } from '../domain/investigation.ts';
import type { Json } from '../domain/json.ts';
import type { QuestionOption } from '../domain/operation.ts';
import type { Plan, PlannedBy, Step } from '../domain/plan.ts';
import type { ThreadAddress } from '../domain/ports/chat-platform.ts';
import type { KeptSecret, Sealed, SecretScope } from '../domain/ports/secrets.ts';
import type { Statistics, StatisticsFilter } from '../domain/statistics.ts';
import type { PlanFilter, TrailFilter } from './filters.ts';

export type MessageState = 'received' | 'investigating' | 'preparing' | 'done';

/** What a message asks for once the planner has read it; kept with the message until it is a plan. */
export type MessageDraft = {
  draft: Draft;
  context: ThreadContext;
  /** Everybody in whose words the context is; it may hold more than this one request. */
  contextAuthors?: readonly string[];
  /** The model that drafted it. */
  plannedBy?: PlannedBy;
};

export type Message = {
  id: string;
  conversationId: string;
  person: string;
  text: string;
  state: MessageState;
  draft?: MessageDraft;
  authors: readonly string[];
  /** False for text between people that was not said to Reign: it may answer a question, and starts no write. */
  addressed: boolean;
  planId?: string;
  /** The plan whose end it follows up, where Reign itself asks. */
  followUp?: string;
  /** The alert that started it, where no person did; `text` is what the monitoring said. */
  alert?: string;
  /** How it ended, for the record. */
  outcome?: string;
  attempts: number;
  receivedAt: Date;
};

export type Conversation = {
  id: string;
  title: string;
  createdBy: string;
  context: ThreadContext;
  contextAuthors: readonly string[];
};

/** A secret that turned up in what was read for a message; good in the environment where it was found. */
export type FoundSecret = { name: string; messageId: string; environment: string; sealed: Sealed };

/** An open question: what to add to which step of a draft, depending on the answer. */
export type QuestionBody = {
  text: string;
  field: string;
  stepKey: string;
  options: readonly QuestionOption[];
  draft: MessageDraft;
  authors: readonly string[];
};

export type OpenQuestion = {
  id: string;
  conversationId: string;
  messageId: string;
  person: string;
  body: QuestionBody;
};

/** A plan as one transaction sees it: locked against every other writer, with all that belongs to it. */
export type PlanRecord = { plan: Plan; steps: Step[]; decisions: Decision[] };

/** With the freezes that were in force when it was read. */
export type PlanSight = PlanRecord & { freezes: Freeze[] };

export type EntryOptions = { planId?: string; onlyFor?: string };

/** A chat entry as it is stored; cards are drawn from the plan's own rows when they are read. */
export type StoredEntry = {
  conversationId: string;
  key: string;
  kind: string;
  body: Json;
  planId?: string;
  onlyFor?: string;
};

/** US dollars by one person and by all, and how many of that person's investigations are open. */
export type Spending = { own: number; all: number; open: number };

/** `null` erases the lease. */
export type InvestigationPatch = Partial<Omit<Investigation, 'id' | 'version' | 'leaseUntil'>> & {
  leaseUntil?: Date | null;
};

export type PlanPatch = Partial<Omit<Plan, 'id' | 'conversationId' | 'version'>>;
/** `null` erases a field. */
export type StepPatch = { [K in keyof Omit<Step, 'id' | 'planId' | 'version'>]?: Step[K] | null };

/**
 * One transaction. Chat entries and audit events are collected and written at its end, audit heads last,
 * so that all transactions take rows in one order: plan, steps, entries, chain heads.
 * Every write of a plan or a step is fenced by the version it saw and throws FaultError `stale` otherwise.
 */
export interface Transaction {
  readonly now: Date;
  lockPlan(id: string): Promise<PlanSight | undefined>;
  /** Without the lock: what is written on the strength of it must be fenced by `fencePlan`. */
  readPlan(id: string): Promise<PlanSight | undefined>;
  /** Refuses the whole transaction (FaultError `stale`) when the plan is no longer in this version. */
  fencePlan(plan: Plan): void;
  /** The state that the audit says a step reached last; rows can be forged, the chain cannot. */
  auditedState(planId: string, stepId: string): Promise<string | undefined>;
  /** The hash of what a step captured when it was first claimed, as the audit says; undefined when it says nothing. */
  auditedCapture(planId: string, stepId: string): Promise<string | undefined>;
  insertPlan(plan: Plan, steps: readonly Step[]): Promise<void>;
  updatePlan(plan: Plan, patch: PlanPatch): Promise<Plan>;
  updateStep(step: Step, patch: StepPatch): Promise<Step>;
  insertDecision(decision: Decision): Promise<void>;

  insertConversation(conversation: Conversation): Promise<void>;
  updateConversation(id: string, patch: Partial<Omit<Conversation, 'id'>>): Promise<void>;
  /** The conversation that a thread on a chat platform shows. */
  conversationOf(thread: ThreadAddress): Promise<string | undefined>;
  /** False when the thread shows a conversation already. */
  insertThread(thread: ThreadAddress, conversationId: string, reference?: Json): Promise<boolean>;
  /** False when this person was told of this plan at this rung of the ladder before. */
  insertNotice(notice: { planId: string; revision: number; rung: number; person: string }): Promise<boolean>;
  /** False when a message with this key is already stored. */
  insertMessage(message: Message, dedupeKey: string): Promise<boolean>;
  lockMessage(id: string): Promise<Message | undefined>;
  updateMessage(id: string, patch: Partial<Message>): Promise<void>;
  /** What models have used up since then; each open investigation counts as `reserve` US dollars at least. */
  spending(since: Date, reserve: number, person: string): Promise<Spending>;
  insertInvestigation(investigation: Investigation): Promise<void>;
  lockInvestigation(id: string): Promise<Investigation | undefined>;
  /** Fenced by the version that was seen: throws FaultError `stale`. */
  updateInvestigation(seen: Investigation, patch: InvestigationPatch): Promise<void>;
  insertQuestion(question: OpenQuestion): Promise<void>;
  lockQuestion(id: string): Promise<OpenQuestion | undefined>;
  answerQuestion(id: string, answer: string): Promise<void>;

  /** The conversation that alerts of a kind are told in; nobody else tells of this kind meanwhile. */
  lockAlertThread(kind: string): Promise<{ conversationId: string; lastAt: Date } | undefined>;
  putAlertThread(kind: string, conversationId: string): Promise<void>;
  /** False when exactly this is known already. */
  putAlert(
    alert: { fingerprint: string; startsAt: Date; firing: boolean },
    conversationId: string,
  ): Promise<boolean>;
  alertCounts(conversationId: string): Promise<{ firing: number; resolved: number }>;
  /** Keys of the messages that begin with `prefix` and came since then. */
  messageKeys(prefix: string, since: Date): Promise<string[]>;

  /** Takes the one lock under which target locks are handed out. */
  serialiseLocks(): Promise<void>;
  /** Locks that equal, contain or lie below one of the targets. */
  locksOn(targets: readonly string[]): Promise<{ target: string; planId: string }[]>;
  insertLocks(planId: string, targets: readonly string[]): Promise<void>;
  releaseLocks(planId: string): Promise<number>;
  /** Plans that wait for locks, with the targets they want. */
  lockWaiters(): Promise<{ planId: string; since: Date; targets: string[] }[]>;

  lockSecret(about: SecretScope & { name: string }): Promise<KeptSecret | undefined>;
  putSecret(secret: Omit<KeptSecret, 'setAt'>): Promise<void>;
  removeSecret(about: SecretScope & { name: string }): Promise<boolean>;
  keepFoundSecret(found: FoundSecret): Promise<void>;
  forgetFoundSecrets(before: Date): Promise<void>;

  /** Erases what plans that ended before then were made of. @returns ids of the plans. */
  erasePayloads(before: Date, batch: number): Promise<string[]>;
  /** Erases what was said in conversations that have rested since then. @returns their ids. */
  eraseChat(before: Date, batch: number): Promise<string[]>;

  insertFreeze(freeze: Freeze): Promise<void>;
  endFreezes(scope: string, by: string): Promise<Freeze[]>;

  entry(entry: StoredEntry): void;
  audit(chain: AuditChain, type: string, actor: string, payload: Json): void;
  /** Runs after the commit; its failure is logged and made good by the sweep. */
  afterCommit(effect: () => Promise<void>): void;
}

/** Reading outside a transaction. */
export interface Queries {
  plan(id: string): Promise<PlanRecord | undefined>;
  plans(filter: PlanFilter): Promise<Plan[]>;
  step(id: string): Promise<Step | undefined>;
  message(id: string): Promise<Message | undefined>;
  messageByKey(dedupeKey: string): Promise<Message | undefined>;
  conversation(id: string): Promise<Conversation | undefined>;
  /** Whether a person wrote a message in a conversation. */
  hasSpoken(conversationId: string, person: string): Promise<boolean>;
  investigation(id: string): Promise<Investigation | undefined>;
  openQuestion(conversationId: string, person: string): Promise<OpenQuestion | undefined>;
  freezes(): Promise<Freeze[]>;
  secrets(): Promise<KeptSecret[]>;
  foundSecret(name: string): Promise<Pick<FoundSecret, 'sealed' | 'environment'> | undefined>;
  /** What the sweep looks for; each list is bounded by `limit`. */
  due(options: {
    now: Date;
    messageAgeMs: number;
    readyAgeMs: number;
    leaseGraceMs: number;
    limit: number;
  }): Promise<Due>;
  statistics(filter: StatisticsFilter): Promise<Statistics>;
  auditTrail(filter: TrailFilter): Promise<TrailEntry[]>;
  conversationsOf(limit: number): Promise<(Conversation & { updatedAt: Date })[]>;
  entries(conversationId: string): Promise<(StoredEntry & { seq: number; firstSeq: number; at: Date })[]>;
  entryMarks(conversationId: string): Promise<{ key: string; seq: number }[]>;
}

/** An audit event with its payload, unless that was erased. */
export type TrailEntry = {
  chain: string;
  seq: number;
  at: string;
  type: string;
  actor: string;
  payload?: Json;
};

export type Due = {
  messages: { id: string; state: MessageState }[];
  /** Waiting plans past their expiry. */
  expired: string[];
  steps: { id: string; version: number }[];
  lostSteps: { id: string; planId: string }[];
  lockWaiters: string[];
  /** Plans that somebody meant to look at again, and did not. */
  stalledPlans: string[];
  /** Undo plans that wait for a gateway to look whether the undo hour covers them. */
  ungrantedUndos: string[];
  /** Investigations whose next turn nobody has taken. */
  investigations: { id: string; state: Investigation['state'] }[];
  /** Plans that somebody ran alone, and that nobody has reviewed in time. */
  overdueReviews: string[];
};

export interface Store {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  readonly queries: Queries;
  /** Extends a lease; false when the step is no longer this worker's. */
  extendLease(stepId: string, version: number, worker: string, until: Date): Promise<boolean>;
  /**
   * Wraps everything sealed under another master key anew with `rewrap`, in batches, while everything runs. `left` needs
   * an old key still; `why` is the first reason.
   */
  rewrapSealed(
    masterKey: string,
    rewrap: (sealed: Sealed) => Promise<Sealed>,
  ): Promise<{ rewrapped: number; left: number; why?: string }>;
  /** Shows a line of progress; never moves a version. */
  noteStep(stepId: string, version: number, note: string): Promise<void>;
}

/** Hands work to others. Carries ids only; a lost or doubled job changes nothing that Postgres does not allow. */
export interface Queue {
  message(id: string): Promise<void>;
  prepare(messageId: string): Promise<void>;
  /** Looks at a plan's world again, after a wait or a change. */
  preview(planId: string, version: number): Promise<void>;
  /** The next turn of an investigation, for a gateway. */
  think(id: string, version: number): Promise<void>;
  /** The looks of an investigation, for a worker. */
  look(id: string, version: number): Promise<void>;
  /** Asks a gateway to grant the requester's undo hour. */
  grantUndo(planId: string): Promise<void>;
  step(id: string, version: number): Promise<void>;
  steps(steps: readonly { id: string; version: number }[]): Promise<void>;
  /** True when the queue's server was emptied since the last call: everything due must be handed out again. */
  wasEmptied(): Promise<boolean>;
  /** Throws when the queue's server does not answer. */
  ping(): Promise<void>;
}

/** The gateway's signature over decisions and checkpoints. Only a gateway can sign; everybody can verify. */
export interface Signer {
  sign(content: string): string;
}
export interface Verifier {
  verify(content: string, signature: string): boolean;
}

import type { Approval } from './approval.ts';
import type { Tier } from './environment.ts';
import type { Fault } from './fault.ts';
import type { Spent } from './investigation.ts';
import type { Json } from './json.ts';
import type { OperationId, Preview, Verification } from './operation.ts';
import type { Binding } from './references.ts';
import type { Risk } from './risk.ts';
import type { Target } from './target.ts';

export const planStates = [
  'drafted',
  'previewed',
  'waiting-for-approval',
  'waiting-for-lock',
  'running',
  'succeeded',
  'failed',
  'rolled-back',
  'rejected',
  'expired',
  'cancelled',
  'needs-a-person',
] as const;

export type PlanState = (typeof planStates)[number];

export type StepState =
  | 'planned'
  | 'awaiting-approval'
  | 'ready'
  | 'running'
  | 'verifying'
  | 'unclear'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'rejected'
  | 'cancelled'
  | 'rolling-back'
  | 'rolled-back'
  | 'roll-back-failed';

/** What happens to the rest when a step fails. */
export type OnFailure = 'roll-back' | 'stop' | 'continue';

/** One step of a plan: an operation with complete input. `undo` steps put back what `undoOf` captured. */
export type Step = {
  id: string;
  planId: string;
  /** Unique in its plan; what `needs` and references name. */
  key: string;
  position: number;
  operation: OperationId;
  operationVersion: number;
  mode: 'do' | 'undo';
  undoOf?: string;
  request: Json;
  /** Null as long as the step is deferred: what it acts on is not known yet. */
  input: Json;
  /** Where the request takes values from other steps' results, and when each gets its value. */
  bindings?: readonly Binding[];
  needs: readonly string[];
  state: StepState;
  /** Counts every change; a write names the version it saw. */
  version: number;
  environment?: string;
  place?: string;
  tier: Tier;
  targets: readonly Target[];
  risk: Risk;
  undoKind: 'reversible' | 'irreversible';
  title: string;
  byHand?: string;
  preview?: Preview;
  /** The version of each credential that the step will use, by connection, as it was when it was previewed. */
  credentials?: Readonly<Record<string, string>>;
  /** The latest line of progress, for people only. */
  note?: string;
  /** Captured before the write, stored with the claim. */
  captured?: Json;
  output?: Json;
  verification?: Verification;
  fault?: Fault;
  leaseUntil?: Date;
  worker?: string;
  attempts: number;
  /** When it last became something for a worker to do. */
  readyAt?: Date;
  startedAt?: Date;
  endedAt?: Date;
};

/** What others still have to say of a plan that the person on call ran alone. */
export type Review = { by: string; dueAt: string; state: 'open' | 'overdue' | 'passed' | 'failed' };

/** Whether others still have to say whether it was right. */
export function reviewDue(review: Review | undefined): review is Review {
  return review?.state === 'open' || review?.state === 'overdue';
}

/** `prompts` is the hash of what the model was told to be. */
export type PlannedBy = { model: string; prompts: string; spent: Spent };

export type Plan = {
  id: string;
  conversationId: string;
  messageId?: string;
  goal: string;
  state: PlanState;
  version: number;
  /** What an approval names: each new preview that differs is a new revision. */
  revision: number;
  requester: string;
  authors: readonly string[];
  onFailure: OnFailure;
  undoOf?: string;
  /** How an undo was asked for; a sentence alone never starts one. */
  undoVia?: 'button' | 'command' | 'words';
  digest: string;
  approval: Approval;
  policyHash: string;
  expiresAt?: Date;
  cancelRequested: boolean;
  review?: Review;
  /** The model that drafted it, and what that used up; absent where no model did. */
  plannedBy?: PlannedBy;
  /** The alert that started it, where no person did. */
  alert?: string;
  /** Why it waits, for people only. */
  note?: string;
  lockRequestedAt?: Date;
  /** Why it ended as it did, in words. */
  outcome?: string;
  createdAt: Date;
  startedAt?: Date;
  endedAt?: Date;
  /** When what it was made of was erased, as retention asks. */
  erasedAt?: Date;
};

export type PlanWithSteps = Plan & { steps: readonly Step[] };

const endStates: ReadonlySet<PlanState> = new Set([
  'succeeded',
  'failed',
  'rolled-back',
  'rejected',
  'expired',
  'cancelled',
  'needs-a-person',
]);

export function planEnded(state: PlanState): boolean {
  return endStates.has(state);
}

const settled: ReadonlySet<StepState> = new Set([
  'succeeded',
  'failed',
  'skipped',
  'rejected',
  'cancelled',
  'rolled-back',
  'roll-back-failed',
]);

/** Whether nothing more will happen to the step unless it is rolled back. */
export function stepSettled(state: StepState): boolean {
  return settled.has(state);
}

/** Whether a step waits for another's result before it can even be previewed; it never runs in this revision. */
export function isDeferred({ bindings }: Pick<Step, 'bindings'>): boolean {
  return bindings?.some(({ when }) => when === 'deferred') ?? false;
}

export function isWrite(step: { risk: Risk }): boolean {
  return step.risk.effect !== 'read';
}

import type { Approval, Decision } from './approval.ts';
import type { Tier } from './environment.ts';
import type { QuestionOption, Rendered } from './operation.ts';
import type { OnFailure, PlannedBy, PlanState, Review, StepState } from './plan.ts';
import type { Effect, RiskLevel } from './risk.ts';

/**
 * One entry of a conversation as every face shows it: meaning, never markup. An entry is found by its `key`
 * and replaced when it changes (`seq` grows), so that a card is edited in place.
 */
export type ChatEntry = { key: string; seq: number; at: string; body: ChatBody };

export type ChatBody =
  | { kind: 'said'; person: string; text: string /** The chat platform it was said on. */; from?: string }
  | { kind: 'working'; text: string }
  | { kind: 'answer'; planId?: string; title?: string; content: Rendered; private: boolean }
  | {
      kind: 'question';
      questionId: string;
      text: string;
      to: string;
      options: readonly QuestionOption[];
      answered?: string;
    }
  | { kind: 'plan'; plan: PlanCard }
  | { kind: 'progress'; plan: PlanCard }
  | { kind: 'notice'; planId?: string; text: string }
  | { kind: 'refusal'; planId?: string; text: string }
  | { kind: 'final'; plan: PlanCard; text: string; canUndo: boolean };

/** Everything a card shows of a plan. Facts of security are written by code; `goal` is quoted below them. */
export type PlanCard = {
  id: string;
  revision: number;
  digest: string;
  state: PlanState;
  goal: string;
  requester: string;
  authors: readonly string[];
  environments: readonly { name: string; tier: Tier; demo: boolean }[];
  onFailure: OnFailure;
  approval: Approval;
  decisions: readonly Pick<Decision, 'person' | 'verdict' | 'via' | 'reason' | 'at'>[];
  waitingFor?: string;
  /** Whether the person on call may run it alone, with a reason. */
  breakGlass?: true;
  review?: Review;
  /** The language model that drafted it, and what that cost; absent where none did. */
  plannedBy?: PlannedBy;
  undoOf?: string;
  outcome?: string;
  expiresAt?: string;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  steps: readonly StepCard[];
};

export type StepCard = {
  id: string;
  key: string;
  operation: string;
  mode: 'do' | 'undo';
  title: string;
  byHand?: string;
  needs: readonly string[];
  /** Values that come from other steps' results, in words. */
  takes?: readonly string[];
  state: StepState;
  /** It has succeeded in its own part, and somebody else has to go on. */
  pending?: true;
  environment?: string;
  tier: Tier;
  targets: readonly string[];
  effect: Effect;
  risk: RiskLevel;
  reasons: readonly string[];
  undo: 'reversible' | 'irreversible';
  preview?: { kind: string; summary: string; warnings: readonly string[]; diff: readonly DiffLine[] };
  evidence?: string;
  fault?: string;
  startedAt?: string;
  endedAt?: string;
};

export type DiffLine = { sign: ' ' | '-' | '+'; text: string };

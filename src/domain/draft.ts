import type { Json } from './json.ts';
import type { QuestionOption } from './operation.ts';
import type { OnFailure } from './plan.ts';

/** One step as a planner proposes it: an operation and what the person said, not yet resolved. */
export type DraftStep = {
  key: string;
  operation: string;
  /** May hold references to other steps' results, see `references.ts`. */
  request: { [field: string]: Json };
  needs: readonly string[];
  /** The step is left out where what an earlier read found does not pass; decided before the preview. */
  when?: Condition;
  /** The step stands once for each item that an earlier read found; `{{item}}` is the item. */
  forEach?: Loop;
  /** The key of the loop that this step was made by. */
  copyOf?: string;
};

/** A look at a value; exactly one of the tests. `contains` is for texts and lists. */
export type ValueTest =
  | { equals: Json }
  | { not: Json }
  | { in: Json[] }
  | { above: number }
  | { below: number }
  | { contains: string };

/** What an earlier read found, at a JSON pointer of its result. */
export type Condition = { from: string; at: string } & ValueTest;

/** Items of a list that an earlier read found, at a JSON pointer of its result; `where` looks at a pointer in each. */
export type Loop = { from: string; at: string; where?: { at: string } & ValueTest };

/** What a planner proposes. Nothing in it is trusted until admission. */
export type Draft = { goal: string; steps: readonly DraftStep[]; onFailure?: OnFailure };

/** A wish about Reign itself; carried out by code, never by a planner. */
export type ReignWish =
  | { wish: 'status'; plan?: string }
  | { wish: 'approve' | 'cancel' | 'undo'; plan?: string }
  | { wish: 'reject'; plan?: string; reason?: string }
  | { wish: 'audit'; plan?: string; user?: string; since?: string }
  | { wish: 'help' };

/** What a planner makes of a message. `confidence` is 0 to 1. */
export type PlannerReply =
  | { kind: 'answer'; text: string }
  | { kind: 'question'; text: string; options: readonly QuestionOption[]; draft: Draft; field: string }
  | { kind: 'draft'; draft: Draft; confidence: number; context: ThreadContext; usedContext: boolean }
  | { kind: 'reign'; request: ReignWish }
  /** For a planner with a language model; `instead` where there is none. */
  | { kind: 'hand-over'; instead: PlannerReply };

/** What a thread remembers for "back to 3" and "and in staging?": the last request, and whose words shaped it. */
export type ThreadContext = {
  operation?: string;
  request?: { [field: string]: Json };
  /** The request before that one, for "back to what it was". */
  previous?: { [field: string]: Json };
};

import type { PlannerReply, ThreadContext } from '../draft.ts';
import type { EnvironmentView } from '../environment.ts';

/** A message with what the planner may know. `text` has no mention of Reign left in it. */
export type PlannerInput = {
  text: string;
  context: ThreadContext;
  environments: readonly EnvironmentView[];
  person: string;
};

/** Message → answer, question, or draft. A planner decides nothing: its drafts go through admission. */
export interface Planner {
  plan(input: PlannerInput): Promise<PlannerReply>;
}

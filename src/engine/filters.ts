import type { PlanState } from '../domain/plan.ts';

/** Which plans, newest first. `environment` is one that a step acts in; `text` stands in the id or the goal. */
export type PlanFilter = {
  limit: number;
  conversationId?: string;
  open?: boolean;
  state?: PlanState;
  environment?: string;
  person?: string;
  text?: string;
  /** Those that somebody ran alone, and that others still have to review. */
  underReview?: boolean;
  /** Only older ones than this. */
  after?: { id: string; createdAt: Date };
};

/** Which events, newest first. `target` stands in a target of the event's plan; `type` is what the type begins with. */
export type TrailFilter = {
  limit: number;
  planId?: string;
  actor?: string;
  since?: Date;
  until?: Date;
  target?: string;
  type?: string;
  /** Only what comes after this event in the list. */
  after?: { at: string; chain: string; seq: number };
};

import type { PlanState } from './plan.ts';

/** `person`: only what this person has asked for. */
export type StatisticsFilter = { since: Date; bucket: 'hour' | 'day'; person?: string };

/** What has happened since then. Each `at` is the beginning of a bucket, ISO 8601; empty buckets are left out. */
export type Statistics = {
  outcomes: { at: string; state: PlanState; plans: number }[];
  /** Seconds from the first draft to the start, of plans that people had to approve. */
  approvals: { at: string; plans: number; median: number; slow: number }[];
  /** Seconds a step took, by operation; the busiest first. */
  durations: { operation: string; steps: number; failed: number; median: number; slow: number }[];
  load: { at: string; messages: number; plans: number; steps: number }[];
  /** What language models have cost, in US dollars. */
  cost: { at: string; usd: number; tokens: number; investigations: number }[];
};

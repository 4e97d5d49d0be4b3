import type { z } from 'zod';
import type { Json } from '../../domain/json.ts';
import type { Effect } from '../../domain/risk.ts';

export type Params = { [field: string]: Json };

/** A piece of an example's text that says one parameter; `field` `_` is a name that fills nothing. */
export type Span = { field: string; start: number; end: number };

/** A message and what it asks for. Where `spans` are absent they are found by looking for the values. */
export type Example = { readonly request: string; readonly params: Params; readonly spans?: readonly Span[] };

/** What the planner learns an intent from; every operation of a tool is one. */
export type IntentSource = {
  readonly id: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly request: z.ZodType;
  readonly examples: readonly Example[];
};

/** What a message asks for. `confidence` and those of `alternatives` (best first) are 0 to 1. */
export type Classification = {
  intent: string;
  params: Params;
  confidence: number;
  alternatives: readonly { intent: string; confidence: number }[];
};

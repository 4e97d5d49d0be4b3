import type { Json } from './json.ts';

/** A read that the model asks for while it investigates. `id` is the model's own name of the call. */
export type Look = {
  id: string;
  operation: string;
  request: { [field: string]: Json };
  result?: LookResult;
};

/** What a look brought, or why it was refused, in words for the model. */
export type LookResult = {
  ok: boolean;
  text: string;
  /** For the asker's eyes alone. */
  private?: true;
  /** What policy judges of it, so that only who may read it sees what came of it. */
  act?: Json;
};

/** A look that was made. One of `thread` stands for what was quoted of the thread for the asker's eyes alone. */
export type Looked = {
  operation: string;
  request: { [field: string]: Json };
  ok: boolean;
  private?: true;
  act?: Json;
};

/** What was used up: turns of the model, looks, tokens (the cached ones among the input), and US dollars. */
export type Spent = {
  turns: number;
  looks: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  usd: number;
};

/** What one investigation may use up. */
export type Budget = { looks: number; tokens: number; seconds: number; usd: number };

/**
 * A message that a model works on: it looks around and ends in an answer, a question or a draft. All of it is in
 * Postgres after each turn, so that it goes on after a restart.
 */
export type Investigation = {
  /** The message's id. */
  id: string;
  conversationId: string;
  person: string;
  authors: readonly string[];
  /** What the authors have said; what is not among these words came from elsewhere. */
  words: readonly string[];
  state: 'thinking' | 'looking' | 'proposed' | 'ended';
  version: number;
  /** What the model was told and has said; only its planner reads it. */
  transcript: readonly Json[];
  /** The looks of the turn that is under way. */
  looks: readonly Look[];
  /** All that were made, for the evidence. */
  looked: readonly Looked[];
  spent: Spent;
  /** Proposals and replies that could not be used, and turns that the provider failed. */
  repairs: number;
  failures: number;
  model: string;
  /** Hash of the prompts. */
  prompts: string;
  startedAt: Date;
  touchedAt: Date;
  leaseUntil?: Date;
};

export const nothingSpent: Spent = {
  turns: 0,
  looks: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  usd: 0,
};

export function addSpent(a: Spent, b: Spent): Spent {
  return {
    turns: a.turns + b.turns,
    looks: a.looks + b.looks,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    usd: a.usd + b.usd,
  };
}

export function tokensOf({ inputTokens, outputTokens }: Spent): number {
  return inputTokens + outputTokens;
}

/** Which part of the budget is used up, in words; undefined while none is. */
export function overBudget(
  { spent, startedAt }: Pick<Investigation, 'spent' | 'startedAt'>,
  budget: Budget,
  now: Date,
): string | undefined {
  const seconds = (now.getTime() - startedAt.getTime()) / 1000;
  if (seconds >= budget.seconds) return `${budget.seconds} seconds`;
  if (spent.looks >= budget.looks) return `${budget.looks} looks`;
  if (tokensOf(spent) >= budget.tokens) return `${budget.tokens} tokens`;
  if (spent.usd >= budget.usd) return `$${budget.usd.toFixed(2)}`;
  return undefined;
}

/** What a model's part has cost, for cards and answers. */
export function costInWords(model: string, spent: Spent): string {
  const looks = spent.looks === 1 ? '1 look' : `${spent.looks} looks`;
  const tokens = tokensOf(spent).toLocaleString('en-US');
  return `${model}: ${looks}, ${tokens} tokens, about $${spent.usd.toFixed(spent.usd < 0.1 ? 3 : 2)}`;
}

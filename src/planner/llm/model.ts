import type { Spent } from '../../domain/investigation.ts';
import type { Json } from '../../domain/json.ts';

export type ToolSpec = { name: string; description: string; schema: { [key: string]: unknown } };

export type Call = { id: string; name: string; input: Json };

/** What was said so far, in no provider's form. `raw` is the reply as its provider wants it back. */
export type Exchange =
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; text: string; calls: Call[]; provider?: string; raw?: Json };

export type UserPart =
  | { type: 'text'; text: string }
  | { type: 'result'; call: string; ok: boolean; text: string };

export type ModelRequest = {
  system: string;
  tools: readonly ToolSpec[];
  exchanges: readonly Exchange[];
  /** Whether the reply has to be a call. */
  mustCall: boolean;
  signal: AbortSignal;
};

/** Why a reply ended: `cut` at the limit of its length (nothing of it may be used), `declined` by the model. */
export type Stop = 'done' | 'calls' | 'cut' | 'declined' | 'paused';

export type ModelReply = {
  text: string;
  calls: Call[];
  raw: Json;
  stop: Stop;
  used: Pick<Spent, 'inputTokens' | 'cachedTokens' | 'outputTokens'> & {
    /** Tokens that were written to the provider's cache, among the input. */
    cacheWrites: number;
  };
};

/** One provider. Retries what its SDK retries, and then throws FaultError. */
export interface Model {
  readonly provider: string;
  readonly name: string;
  reply(request: ModelRequest): Promise<ModelReply>;
}

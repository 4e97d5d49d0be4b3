import type { Draft, DraftStep } from '../draft.ts';
import type { EnvironmentView } from '../environment.ts';
import type { Look, Spent } from '../investigation.ts';
import type { Json } from '../json.ts';

/** What somebody said in the thread before, Reign among them. */
export type Said = { who: string; text: string };

/** What a model is given to begin with. */
export type ThinkerInput = {
  text: string;
  person: string;
  earlier: readonly Said[];
  environments: readonly EnvironmentView[];
  now: Date;
};

/** `data`: the text is output of a tool, also where it is an error. */
export type Told = { id: string; ok: boolean; text: string; data?: true };

/**
 * What a turn of the model comes to. `problems` are calls that are not run, with what is wrong; a `mistake` is a turn
 * of nothing else. Nothing of it is trusted: a draft goes through admission, a look through policy.
 */
export type Thought =
  | { kind: 'look'; looks: readonly Look[]; problems: readonly Told[] }
  | { kind: 'mistake'; problems: readonly Told[]; note?: string }
  | { kind: 'answer'; text: string }
  | { kind: 'question'; text: string; options: readonly string[] }
  /** `chosen` is what the model put into it, where that is not all of it: the parameters of a runbook. */
  | { kind: 'draft'; draft: Draft; call: string; chosen?: readonly DraftStep[] };

export type Turn = { transcript: readonly Json[]; thought: Thought; spent: Spent };

/** A planner that looks around before it answers. It keeps nothing: all it knows is in the transcript it is handed. */
export interface Thinker {
  readonly model: string;
  /** Hash of the prompts, for the audit. */
  readonly prompts: string;
  begin(input: ThinkerInput): readonly Json[];
  /** Adds results of looks, or what is wrong with the last turn. */
  tell(transcript: readonly Json[], told: readonly Told[], note?: string): readonly Json[];
  /**
   * One turn. `end` says why it must be the last: no more looks are offered. Throws FaultError: `unreachable` and
   * `timeout` may go better later; `not-allowed` (the key) and `refused` will not.
   */
  think(transcript: readonly Json[], options: { signal: AbortSignal; end?: string }): Promise<Turn>;
}

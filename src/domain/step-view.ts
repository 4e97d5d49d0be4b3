import type { Json } from './json.ts';
import type { Rendered } from './operation.ts';

/** One step with all that is known of it: what was previewed in full, how it went, and what came out. */
export type StepView = {
  id: string;
  key: string;
  operation: string;
  title: string;
  input: Json;
  before: Json;
  after: Json;
  /** What happened to it, oldest first. */
  log: { at: string; who: string; what: string; says: string }[];
  /** The latest line of progress of a step that has not settled. */
  note?: string;
  output?: Rendered;
  /** Its output is there, but for the asker alone. */
  hidden?: true;
};

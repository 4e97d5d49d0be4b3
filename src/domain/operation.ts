import type { z } from 'zod';
import type { Chart } from './chart.ts';
import type { ConnectionKind } from './environment.ts';
import type { Json } from './json.ts';
import type { Reader, Writer } from './ports/reader.ts';
import type { Assessment, RiskRaise } from './risk.ts';

export type OperationId = `${string}.${string}`;

/** What may be done again after a worker was lost: at once, at once with the same key, or only after `landed` said no. */
export type Repeat = 'safe' | 'safe-with-key' | 'verify-first';

export type PreviewKind = 'dry-run' | 'computed' | 'described' | 'deferred';

/**
 * What a write would do. `before`, `after` and `fingerprint` are normalised: two previews of an unchanged world are
 * equal to the byte. `fingerprint` holds the object's uid and the fields that the operation depends on.
 */
export type Preview = {
  kind: PreviewKind;
  before: Json;
  after: Json;
  fingerprint: Json;
  /** One sentence, e.g. "3 → 6 replicas". */
  summary: string;
  warnings: readonly string[];
  raises: readonly RiskRaise[];
  /** Identity of the server that answered, e.g. the cluster's uid. */
  server: string;
};

export type QuestionOption = {
  label: string;
  patch: { [field: string]: Json };
  /** Where the option is another request altogether. */
  instead?: { goal: string; operation: string; request: { [field: string]: Json } };
};

/** What is missing or has several readings; answering adds one option's patch to the request. */
export type Question = { text: string; field: string; options: readonly QuestionOption[] };

export type Resolution<Input> =
  | { kind: 'input'; input: Input }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

export type Landed = 'yes' | 'no' | 'unclear';

/**
 * `pending`: what was to be done is done as approved, and somebody else has to go on before the world is as wanted, e.g.
 * merge a pull request; `evidence` says who and what.
 */
export type Verification = { state: 'healthy' | 'failed' | 'unclear' | 'pending'; evidence: string };

type Fields = { [field: string]: Json };

/** What a write would make of one object, as a manifest says it. Null: it is not there. */
export type ObjectChange = {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  before: Fields | null;
  after: Fields | null;
};

/** What an operation hands on when it runs: the preview that was approved and a key that is the same on each try. */
export type ExecuteContext = {
  approved: Preview | undefined;
  idempotencyKey: string;
  /** What `execute` returned, for `verify`; absent after a lost worker. */
  output?: Json;
};

/** One request that a step may make while it holds write rights. A path is matched whole. */
export type EgressRule = { connection: string; method: string; path: string | RegExp };

/** Text written by code for cards: a title, and the line that does the same by hand. */
export type Described = { title: string; byHand?: string };

export type UndoContract<Input, Undo> =
  | { kind: 'irreversible'; reason: string }
  | {
      kind: 'reversible';
      /** Why an input cannot be undone, although others can; undefined for those that can. */
      unless?(input: Input): string | undefined;
      /** Reads what is needed to put things back; runs before the write and is stored with the claim. */
      capture(input: Input, reader: Reader): Promise<Undo>;
      previewRestore(input: Input, undo: Undo, reader: Reader): Promise<Preview>;
      /** Puts things back. Refuses (`world-changed`) when the world is not as the write left it. Safe to call twice. */
      restore(input: Input, undo: Undo, writer: Writer): Promise<void>;
      verifyRestored(input: Input, undo: Undo, reader: Reader): Promise<Verification>;
    };

/** One typed thing that a tool can do. `resolve` turns what a person said into complete, absolute input. */
export interface Operation<Request = never, Input = never, Output = unknown, Undo = never> {
  readonly id: OperationId;
  readonly version: number;
  readonly summary: string;
  readonly request: z.ZodType<Request>;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** The strongest effect any input of this operation can have. */
  readonly effect: Assessment['effect'];
  readonly repeat: Repeat;
  /** The kind of preview it can give at best; reads have none. */
  readonly previews: PreviewKind | 'none';
  /** Run as tests; what the built-in planner learns from; shown to the model. */
  readonly examples: readonly { request: string; params: { [field: string]: Json } }[];
  /** Kinds of connection that the step may use. */
  readonly connections: readonly ConnectionKind[];
  /** Output that only the asker may see where it comes from production (logs, environment values). */
  readonly sensitive?: boolean;
  /** A write whose output people want to read in the thread, as they do a read's. */
  readonly reports?: boolean;
  /** Fields of a request whose value leaves for a place that it names (an address, a repository, a chart). */
  readonly outbound?: readonly string[];
  /**
   * Fields of request and input that another step's result may fill when this step is claimed, after the approval.
   * Both schemas take the input without them, and `assess` must not look at them: never a target, image, code, address
   * or credential.
   */
  readonly lateBindable?: readonly string[];
  /**
   * Fields of the input that name a secret (`vault:NAME`, or `found:NAME` for one that turned up in what was read) and
   * never hold its value. The step sends `secretMark(name)`; the broker puts the value in its place.
   */
  readonly secrets?: readonly string[];
  /** `worker` is for Reign's own harmless operations that need no sandbox; everything else runs in one. */
  readonly runs?: 'sandbox' | 'worker';
  resolve(request: Request, reader: Reader): Promise<Resolution<Input>>;
  assess(input: Input): Assessment;
  describe(input: Input): Described;
  preview(input: Input, reader: Reader, previous?: Preview): Promise<Preview>;
  /** Requests that `execute` and `restore` make besides reading; nothing else passes the broker. */
  egress(input: Input): readonly EgressRule[];
  execute(input: Input, writer: Writer, context: ExecuteContext): Promise<Output>;
  landed(input: Input, reader: Reader, context: ExecuteContext): Promise<Landed>;
  verify(input: Input, reader: Reader, context: ExecuteContext): Promise<Verification>;
  /** How its change is made by those who deliver files to a cluster; absent where no file could hold it. */
  readonly delivered?: {
    /** What is still to be changed, as the server's dry run answers; empty once the world is as wanted. */
    changes(input: Input, reader: Reader): Promise<readonly ObjectChange[]>;
    /** Follows what a delivery has begun to its end. */
    verify(input: Input, reader: Reader): Promise<Verification>;
  };
  readonly undo: UndoContract<Input, Undo>;
  readonly stop: { signal: 'SIGINT' | 'SIGTERM'; graceSeconds: number };
  /** `lookSeconds` bounds each look (resolve, preview, …) where 15 are too few. */
  readonly limits: { seconds: number; memoryMb: number; lookSeconds?: number };
  /** What a person reads of the output: text, a table, or lines. */
  render(output: Output, input: Input): Rendered;
}

/** `chart` is shown besides, where a face can show pictures: nothing stands there alone. */
export type Rendered =
  | { kind: 'text'; text: string; chart?: Chart }
  | {
      kind: 'table';
      columns: readonly string[];
      rows: readonly (readonly string[])[];
      note?: string;
      chart?: Chart;
    }
  | { kind: 'lines'; lines: readonly string[]; note?: string };

// biome-ignore lint/suspicious/noExplicitAny: a registry holds operations of every type; each parses its own input.
export type AnyOperation = Operation<any, any, any, any>;

/** Keeps the four types of an operation together without naming them. */
export function defineOperation<Request, Input, Output, Undo>(
  operation: Operation<Request, Input, Output, Undo>,
): Operation<Request, Input, Output, Undo> {
  return operation;
}

/** One folder below `tools/`. */
export type Tool = { name: string; summary: string; operations: readonly AnyOperation[] };

export interface OperationCatalogue {
  find(id: string): AnyOperation | undefined;
  readonly all: readonly AnyOperation[];
}

/** Whether what an operation does to an input can be undone. */
export function undoKindOf({ undo }: AnyOperation, input: Json): 'reversible' | 'irreversible' {
  if (undo.kind === 'irreversible') return 'irreversible';
  return undo.unless?.(input) === undefined ? 'reversible' : 'irreversible';
}

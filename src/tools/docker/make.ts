import type Dockerode from 'dockerode';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { EgressRule, ExecuteContext, Landed, Preview, UndoContract } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { openDocker } from './client.ts';
import type { DaemonInput } from './place.ts';

type Fields = { [field: string]: Json };
type Named = DaemonInput & { name: string };

/** Which step made a thing: Docker keeps labels as they were given, so that a lost worker's write is recognised. */
export const stepLabel = 'reign.dev/step';

/** A thing as it is; `mark` is the step that made it, `finished` whether all of its making is done. */
export type Thing = { mark: string | undefined; view: Fields; finished: boolean };

/** One named thing of an engine that an operation makes, where there is none of that name. */
export type Making<Input extends Named> = {
  noun: string;
  find(docker: Dockerode, input: Input): Promise<Thing | undefined>;
  /** Makes it with the labels, or finishes what an earlier try began; a name that is taken is a conflict. */
  make(docker: Dockerode, input: Input, labels: { [name: string]: string }, writer: Writer): Promise<void>;
  remove(docker: Dockerode, input: Input): Promise<void>;
  /** The thing as it will be; undo compares what is there with it. */
  wanted(input: Input): Fields;
  /** What else an approval is bound to, and what there is to say. Reads only. */
  look(docker: Dockerode, input: Input, reader: Reader): Promise<Look>;
  /** Why undo must not remove it: what uses it, or what it holds by now. */
  use(docker: Dockerode, input: Input): Promise<string | undefined>;
  rules(input: Input): readonly EgressRule[];
};

export type Look = {
  depends: Fields;
  summary: string;
  warnings?: readonly string[];
  raises?: readonly RiskRaise[];
};

/** How the write leaves what it made. */
export type MadeUndo = { left: Fields };

/** The members of an operation that makes a thing. */
export function makeParts<Input extends Named>(what: Making<Input>) {
  return {
    output: z.object({ name: z.string() }),
    effect: 'create' as const,
    repeat: 'safe-with-key' as const,
    previews: 'computed' as const,
    connections: ['docker'] as const,
    stop: { signal: 'SIGTERM' as const, graceSeconds: 5 },
    limits: { seconds: 60, memoryMb: 256 },
    undo: undoMaking(what),
    egress: (input: Input) => what.rules(input),
    preview: (input: Input, reader: Reader) => preview(what, input, reader),
    execute: (input: Input, writer: Writer, context: ExecuteContext) => execute(what, input, writer, context),
    landed: (input: Input, reader: Reader, context: ExecuteContext) => landed(what, input, reader, context),
  };
}

async function preview<Input extends Named>(
  what: Making<Input>,
  input: Input,
  reader: Reader,
): Promise<Preview> {
  const docker = await openDocker(reader, input.connection);
  if ((await what.find(docker, input)) !== undefined)
    throw new FaultError('conflict', `The ${wordsOf(what, input)} exists already. Choose another name.`);
  const { depends, summary, warnings = [], raises = [] } = await what.look(docker, input, reader);
  return {
    kind: 'computed',
    before: null,
    after: what.wanted(input),
    fingerprint: { exists: false, ...depends },
    ...{ summary, warnings, raises, server: input.daemonId },
  };
}

/** @throws FaultError `world-changed` when the name is taken by now, or what it is made from is another thing. */
async function execute<Input extends Named>(
  what: Making<Input>,
  input: Input,
  writer: Writer,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<{ name: string }> {
  if (approved === undefined)
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  const docker = await openDocker(writer, input.connection);
  const before = await what.find(docker, input);
  if (before !== undefined && before.mark !== idempotencyKey) throw taken(what, input);
  if (before?.finished === true) return { name: input.name };
  if (before === undefined) {
    const { depends } = await what.look(docker, input, writer);
    if (canonicalJson(approved.fingerprint) !== canonicalJson({ exists: false, ...depends })) {
      const why = `What the ${wordsOf(what, input)} depends on has changed since it was approved`;
      throw new FaultError('world-changed', `${why}. Nothing was done; ask again to see the present state.`);
    }
  }
  try {
    await what.make(docker, input, { [stepLabel]: idempotencyKey }, writer);
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'conflict' && before === undefined)
      throw taken(what, input);
    throw error;
  }
  // An engine hands out the volume that is there instead of refusing to make another.
  const after = await what.find(docker, input);
  if (after?.mark !== idempotencyKey) throw taken(what, input);
  return { name: input.name };
}

async function landed<Input extends Named>(
  what: Making<Input>,
  input: Input,
  reader: Reader,
  { idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const thing = await what.find(await openDocker(reader, input.connection), input);
  if (thing === undefined) return 'no';
  if (thing.mark !== idempotencyKey) return 'unclear';
  return thing.finished ? 'yes' : 'no';
}

/** Undo removes what was made, while it is as the write left it and nobody uses it. */
function undoMaking<Input extends Named>(what: Making<Input>): UndoContract<Input, MadeUndo> {
  const look = async (input: Input, { left }: MadeUndo, reader: Reader) => {
    const docker = await openDocker(reader, input.connection);
    const thing = await what.find(docker, input);
    if (thing === undefined) return { docker, thing };
    const why =
      thing.mark === undefined || canonicalJson(thing.view) !== canonicalJson(left)
        ? 'is not as Reign made it'
        : await what.use(docker, input);
    if (why === undefined) return { docker, thing };
    throw new FaultError('world-changed', `The ${wordsOf(what, input)} ${why}. It is left as it is.`);
  };
  return {
    kind: 'reversible',
    capture: async (input) => ({ left: what.wanted(input) }),
    async previewRestore(input, undo, reader) {
      const { thing } = await look(input, undo, reader);
      return {
        kind: 'computed',
        before: thing?.view ?? null,
        after: null,
        fingerprint: { exists: thing !== undefined, ...thing?.view },
        summary: thing === undefined ? 'Already as it was before.' : `removes the ${wordsOf(what, input)}`,
        ...{ warnings: [], raises: [], server: input.daemonId },
      };
    },
    async restore(input, undo, writer) {
      const { docker, thing } = await look(input, undo, writer);
      if (thing !== undefined) await what.remove(docker, input);
    },
    async verifyRestored(input, _undo, reader) {
      const thing = await what.find(await openDocker(reader, input.connection), input);
      const evidence = `The ${wordsOf(what, input)} is ${thing === undefined ? 'gone' : 'still there'}.`;
      return { state: thing === undefined ? 'healthy' : 'failed', evidence };
    },
  };
}

function taken<Input extends Named>(what: Making<Input>, input: Input): FaultError {
  const words = `Somebody else made a ${wordsOf(what, input)} since this was approved`;
  return new FaultError('world-changed', `${words}. It is left as it is.`);
}

function wordsOf<Input extends Named>({ noun }: Making<Input>, { name, environment }: Input): string {
  return `${noun} ${name} in ${environment}`;
}

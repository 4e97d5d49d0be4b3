import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { ExecuteContext, Landed, ObjectChange, Preview, UndoContract } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { type Cluster, openCluster } from './client.ts';
import { changeOf } from './delivered.ts';
import { lastStepKey, refuseChanged, whileItMoves } from './guarded-write.ts';
import { type Kind, listPath, objectPath } from './kinds.ts';
import type { ObjectPlace } from './locate.ts';
import { ownerWarnings } from './owners.ts';
import type { KubeObject } from './wire.ts';

type Fields = { [field: string]: Json };

/** One object that an operation makes, or changes where it exists. */
export type Ensured<Input extends ObjectPlace> = {
  kind: Kind;
  place(input: Input): { namespace?: string; name: string };
  /** The object's own fields, as they are wanted; `metadata` besides name and namespace is merged. */
  wanted(input: Input): KubeObject;
  /** What previews show and, without `depends`, what fingerprints are made of. */
  view(object: KubeObject): Fields;
  /** What an approval is bound to besides the uid, where that may not be shown. */
  depends?(object: KubeObject): Fields;
  /** What others have put into it, which would go with it; undo then does not delete it. */
  holds?(input: Input, cluster: Cluster): Promise<readonly string[]>;
  remark(before: Fields | null, after: Fields, input: Input, cluster: Cluster): Promise<Remark>;
};

type Remark = { summary: string; warnings?: readonly string[]; raises?: readonly RiskRaise[] };

/** What there was before: nothing, or the object's fields; and how the write leaves them. */
export type EnsureUndo = { uid: string | null; back: Fields | null; left: Fields };

/** The members of an operation that makes sure that an object is there, and is as wanted. */
export function ensureParts<Input extends ObjectPlace>(what: Ensured<Input>) {
  return {
    repeat: 'safe-with-key' as const,
    previews: 'dry-run' as const,
    connections: ['kubernetes'] as const,
    stop: { signal: 'SIGTERM' as const, graceSeconds: 5 },
    limits: { seconds: 60, memoryMb: 256 },
    preview: (input: Input, reader: Reader) => previewEnsure(what, input, reader),
    egress: (input: Input) => {
      const { connection } = input;
      return [
        { connection, method: 'POST', path: collectionOf(what, input) },
        { connection, method: 'PATCH', path: pathOf(what, input) },
        { connection, method: 'DELETE', path: pathOf(what, input) },
      ];
    },
    execute: (input: Input, writer: Writer, context: ExecuteContext) =>
      executeEnsure(what, input, writer, context),
    landed: (input: Input, reader: Reader, context: ExecuteContext) =>
      ensureLanded(what, input, reader, context),
  };
}

/** What there is to change, as a file holds it. */
export async function ensureChanges<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  reader: Reader,
): Promise<ObjectChange[]> {
  const cluster = openCluster(reader, input.connection);
  return whileItMoves(wordsOf(what, input), async () => {
    const live = await find(what, input, cluster);
    const answer = await send(what, input, cluster, live, { mark: 'preview', dryRun: true });
    // What is new is written as it is wanted, without what the server adds.
    const wanted = live === undefined ? what.wanted(input) : answer;
    return changeOf({ ...what.place(input), kind: what.kind.kind }, live, wanted);
  });
}

async function previewEnsure<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  reader: Reader,
): Promise<Preview> {
  const cluster = openCluster(reader, input.connection);
  const { live, answer } = await whileItMoves(wordsOf(what, input), async () => {
    const live = await find(what, input, cluster);
    return { live, answer: await send(what, input, cluster, live, { mark: 'preview', dryRun: true }) };
  });
  const before = live === undefined ? null : what.view(live);
  const after = what.view(answer);
  const { summary, warnings: told = [], raises = [] } = await what.remark(before, after, input, cluster);
  const warnings = [...told, ...ownerWarnings(cluster, live?.metadata)];
  const fingerprint = fingerprintOf(what, live);
  return { kind: 'dry-run', before, after, fingerprint, summary, warnings, raises, server: input.clusterUid };
}

/** @throws FaultError `world-changed` when the object is not as it was approved, or is there by now. */
async function executeEnsure<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  writer: Writer,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<{ object: string; fields: Fields }> {
  if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
  const cluster = openCluster(writer, input.connection);
  const written = await whileItMoves(wordsOf(what, input), async () => {
    const live = await find(what, input, cluster);
    if (live?.metadata?.annotations?.[lastStepKey] === idempotencyKey) return live;
    refuseChanged(wordsOf(what, input), approved.fingerprint, fingerprintOf(what, live));
    return send(what, input, cluster, live, { mark: idempotencyKey, dryRun: false });
  });
  return { object: wordsOf(what, input), fields: what.view(written) };
}

async function ensureLanded<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const live = await find(what, input, openCluster(reader, input.connection));
  if (live?.metadata?.annotations?.[lastStepKey] === idempotencyKey) return 'yes';
  const same = canonicalJson(approved?.fingerprint ?? null) === canonicalJson(fingerprintOf(what, live));
  return same ? 'no' : 'unclear';
}

/** Undo: what was made is deleted, what was changed is put back; both only while it is as the write left it. */
export function ensureUndo<Input extends ObjectPlace>(
  what: Ensured<Input>,
  back: (input: Input, fields: Fields) => KubeObject,
): UndoContract<Input, EnsureUndo> {
  const look = async (input: Input, undo: EnsureUndo, reader: Reader) => {
    const cluster = openCluster(reader, input.connection);
    const live = await find(what, input, cluster);
    const now = live === undefined ? null : what.view(live);
    const restored = canonicalJson(now) === canonicalJson(undo.back);
    if (!restored) refuseOther(what, input, undo, live, now);
    return { cluster, live, now, restored };
  };
  const putBack = async (input: Input, undo: EnsureUndo, reader: Reader, dryRun: boolean) => {
    const seen = await look(input, undo, reader);
    const { cluster, live, restored } = seen;
    if (restored || live === undefined) return seen;
    if (undo.back === null) {
      refuseFull(wordsOf(what, input), (await what.holds?.(input, cluster)) ?? []);
      await cluster.remove(pathOf(what, input), live.metadata?.uid ?? '', dryRun);
    } else await patch(what, input, cluster, live, back(input, undo.back), dryRun);
    return seen;
  };
  return {
    kind: 'reversible',
    async capture(input, reader) {
      const cluster = openCluster(reader, input.connection);
      const live = await find(what, input, cluster);
      const answer = await send(what, input, cluster, live, { mark: 'preview', dryRun: true });
      const before = live === undefined ? null : what.view(live);
      return { uid: live?.metadata?.uid ?? null, back: before, left: what.view(answer) };
    },
    async previewRestore(input, undo, reader) {
      const { now, restored, live } = await putBack(input, undo, reader, true);
      const summary = restored
        ? 'Already as it was before.'
        : undo.back === null
          ? `deletes the ${wordsOf(what, input)}`
          : 'puts back what was there before';
      const fingerprint = fingerprintOf(what, live);
      const rest = { warnings: [], raises: [], server: input.clusterUid };
      return { kind: 'dry-run', before: now, after: undo.back, fingerprint, summary, ...rest };
    },
    async restore(input, undo, writer) {
      await whileItMoves(wordsOf(what, input), () => putBack(input, undo, writer, false));
    },
    async verifyRestored(input, undo, reader) {
      const live = await find(what, input, openCluster(reader, input.connection));
      const now = live === undefined ? null : what.view(live);
      const ended = undo.back === null && live?.metadata?.deletionTimestamp !== undefined;
      const good = ended || canonicalJson(now) === canonicalJson(undo.back);
      const evidence = `The ${wordsOf(what, input)} is ${good ? '' : 'not '}as it was before.`;
      return { state: good ? 'healthy' : 'failed', evidence };
    },
  };
}

function refuseFull(words: string, held: readonly string[]): void {
  if (held.length === 0) return;
  const shown = held.slice(0, 5).join(', ') + (held.length > 5 ? `, and ${held.length - 5} more` : '');
  throw new FaultError('world-changed', `The ${words} is in use by now: ${shown}. It is not deleted.`);
}

function refuseOther<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  { uid, left }: EnsureUndo,
  live: KubeObject | undefined,
  now: Fields | null,
): void {
  const same = uid === null || live?.metadata?.uid === uid;
  const found = { ...(same ? {} : { uid: live?.metadata?.uid ?? null }), ...now };
  refuseChanged(wordsOf(what, input), { ...(same ? {} : { uid }), ...left }, found);
}

/** The write itself: made anew, or one merge patch on exactly the version that was read. */
function send<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  cluster: Cluster,
  live: KubeObject | undefined,
  { mark, dryRun }: { mark: string; dryRun: boolean },
): Promise<KubeObject> {
  const { apiVersion, kind, metadata = {}, ...fields } = what.wanted(input);
  const annotations = { ...metadata.annotations, [lastStepKey]: mark };
  if (live !== undefined)
    return patch(what, input, cluster, live, { metadata: { ...metadata, annotations }, ...fields }, dryRun);
  const { namespace, name } = what.place(input);
  const place = { name, ...(namespace === undefined ? {} : { namespace }) };
  const object = { apiVersion, kind, metadata: { ...metadata, ...place, annotations }, ...fields };
  return cluster.create(collectionOf(what, input), object, dryRun);
}

function patch<Input extends ObjectPlace>(
  what: Ensured<Input>,
  input: Input,
  cluster: Cluster,
  live: KubeObject,
  { metadata, ...fields }: KubeObject,
  dryRun: boolean,
): Promise<KubeObject> {
  const version = { resourceVersion: live.metadata?.resourceVersion };
  return cluster.patch(pathOf(what, input), { ...fields, metadata: { ...metadata, ...version } }, dryRun);
}

function find<Input extends ObjectPlace>(what: Ensured<Input>, input: Input, cluster: Cluster) {
  return cluster.find<KubeObject>(pathOf(what, input));
}

function fingerprintOf<Input extends ObjectPlace>(
  what: Ensured<Input>,
  live: KubeObject | undefined,
): Fields {
  return live === undefined
    ? { uid: null }
    : { uid: live.metadata?.uid ?? '', ...(what.depends ?? what.view)(live) };
}

export function wordsOf<Input extends ObjectPlace>(what: Ensured<Input>, input: Input): string {
  const { namespace, name } = what.place(input);
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${what.kind.singular} ${path} in ${input.environment}`;
}

function pathOf<Input extends ObjectPlace>(what: Ensured<Input>, input: Input): string {
  const { namespace, name } = what.place(input);
  return objectPath(what.kind, name, namespace);
}

function collectionOf<Input extends ObjectPlace>(what: Ensured<Input>, input: Input): string {
  return listPath(what.kind, what.place(input).namespace);
}

import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, isObject, type Json } from '../../domain/json.ts';
import type { ExecuteContext, Landed, Preview, UndoContract, Verification } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import { raisesFor, scaledBy } from './apply-remark.ts';
import { settle } from './apply-verify.ts';
import { type Cluster, openCluster } from './client.ts';
import { changeOf } from './delivered.ts';
import { lastStepKey, refuseChanged, whileItMoves } from './guarded-write.ts';
import { type NamedInput, pathOfNamed, wordsOfNamed } from './named-object.ts';
import { ownerWarnings } from './owners.ts';
import { shownTouched } from './shown-fields.ts';
import { backPatch, ownFields, standsAt, type Touched, touchedBetween, touchedHash } from './touched.ts';
import type { KubeObject } from './wire.ts';

type Fields = { [field: string]: Json };

export type PatchInput = NamedInput & { patch: Fields };
export type PatchUndo = { uid: string; touched: Touched[] };

type Tried = { cluster: Cluster; live: KubeObject; answer: KubeObject; touched: Touched[] };

/** Asks the server what the patch would change. */
export async function previewPatch(input: PatchInput, reader: Reader): Promise<Preview> {
  const { cluster, live, touched } = await tryOut(input, reader);
  const shown = shownTouched(input.kind, touched);
  const scaled = touched.some(({ path }) => path.join('.') === 'spec.replicas');
  return {
    kind: 'dry-run',
    ...shown,
    fingerprint: boundTo(input, live, touched),
    summary: summaryOf(Object.keys({ ...shown.before, ...shown.after })),
    warnings: [
      ...ownerWarnings(cluster, live.metadata),
      ...(scaled ? await scaledBy(cluster, input, input) : []),
    ],
    raises: raisesFor(`${input.kind.toLowerCase()} ${input.name}`, input.kind, input.patch, touched),
    server: input.clusterUid,
  };
}

/** @throws FaultError `world-changed` when the patch would not change what was approved. */
export async function executePatch(
  input: PatchInput,
  writer: Writer,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<{ patched: string }> {
  if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
  const cluster = openCluster(writer, input.connection);
  await whileItMoves(wordsOfNamed(input), async () => {
    const found = await cluster.find(pathOfNamed(input));
    if (found?.metadata?.annotations?.[lastStepKey] === idempotencyKey) return;
    if (found === undefined) {
      const message = `The ${wordsOfNamed(input)} was deleted since. Nothing was written.`;
      throw new FaultError('world-changed', message);
    }
    const { live, touched } = await tryOut(input, writer);
    refuseChanged(wordsOfNamed(input), approved.fingerprint, boundTo(input, live, touched));
    await send(cluster, input, live, { mark: idempotencyKey, dryRun: false });
  });
  return { patched: wordsOfNamed(input) };
}

export async function patchLanded(
  input: PatchInput,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const found = await openCluster(reader, input.connection).find(pathOfNamed(input));
  if (found === undefined) return 'unclear';
  if (found.metadata?.annotations?.[lastStepKey] === idempotencyKey) return 'yes';
  const { live, touched } = await tryOut(input, reader);
  const now = canonicalJson(boundTo(input, live, touched));
  return canonicalJson(approved?.fingerprint ?? null) === now ? 'no' : 'unclear';
}

/** Whether the patch still changes nothing more, and what it set in motion came to rest. */
export async function verifyPatch(input: PatchInput, reader: Reader): Promise<Verification> {
  const { cluster, touched } = await tryOut(input, reader);
  if (touched.length === 0) return settle(cluster, input, input);
  const evidence = 'Somebody has changed these fields again since.';
  return { state: 'unclear', evidence };
}

/** The patch as a file holds it. */
export const deliveredPatch = {
  async changes(input: PatchInput, reader: Reader) {
    const { live, answer } = await tryOut(input, reader);
    return changeOf(input, live, answer);
  },
  verify: (input: PatchInput, reader: Reader) => settle(openCluster(reader, input.connection), input, input),
};

/** Undo: the touched fields go back, while they are as the patch left them. */
export const patchUndo: UndoContract<PatchInput, PatchUndo> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { live, touched } = await tryOut(input, reader);
    return { uid: live.metadata?.uid ?? '', touched };
  },
  async previewRestore(input, undo, reader) {
    const { live, back } = await putBack(input, undo, reader, true);
    const { before, after } = shownTouched(input.kind, undo.touched);
    return {
      kind: 'dry-run',
      before: back ? {} : after,
      after: back ? {} : before,
      fingerprint: { uid: live.metadata?.uid ?? '', back },
      summary: back ? 'Already as it was before.' : 'puts back what the patch changed',
      ...{ warnings: [], raises: [], server: input.clusterUid },
    };
  },
  async restore(input, undo, writer) {
    await putBack(input, undo, writer, false);
  },
  async verifyRestored(input, undo, reader) {
    const live = await read(openCluster(reader, input.connection), input);
    const good = standsAt(ownFields(live), undo.touched, 'from');
    const evidence = `The ${wordsOfNamed(input)} is ${good ? '' : 'not '}as it was before.`;
    return { state: good ? 'healthy' : 'failed', evidence };
  },
};

function tryOut(input: PatchInput, reader: Reader): Promise<Tried> {
  const cluster = openCluster(reader, input.connection);
  return whileItMoves(wordsOfNamed(input), async () => {
    const live = await read(cluster, input);
    const answer = await send(cluster, input, live, { mark: 'preview', dryRun: true });
    return { cluster, live, answer, touched: touchedBetween(ownFields(live), ownFields(answer)) };
  });
}

async function read(cluster: Cluster, input: PatchInput): Promise<KubeObject> {
  const live = await cluster.find<KubeObject>(pathOfNamed(input));
  if (live !== undefined) return live;
  throw new FaultError('not-found', `The ${wordsOfNamed(input)} does not exist (any more).`);
}

/** The write itself, on exactly the version that was read. */
function send(
  cluster: Cluster,
  input: PatchInput,
  live: KubeObject,
  { mark, dryRun }: { mark: string; dryRun: boolean },
): Promise<KubeObject> {
  const { metadata, ...fields } = input.patch;
  const own = isObject(metadata) ? metadata : {};
  const annotations = { ...(own['annotations'] as object | undefined), [lastStepKey]: mark };
  const version = { resourceVersion: live.metadata?.resourceVersion };
  return cluster.patch(
    pathOfNamed(input),
    { ...fields, metadata: { ...own, annotations, ...version } },
    dryRun,
  );
}

function putBack(input: PatchInput, undo: PatchUndo, reader: Reader, dryRun: boolean) {
  return whileItMoves(wordsOfNamed(input), () => putBackOnce(input, undo, reader, dryRun));
}

async function putBackOnce(input: PatchInput, { uid, touched }: PatchUndo, reader: Reader, dryRun: boolean) {
  const cluster = openCluster(reader, input.connection);
  const live = await read(cluster, input);
  const now = ownFields(live);
  const same = live.metadata?.uid === uid;
  const back = same && standsAt(now, touched, 'from');
  if (back) return { live, back };
  if (!same || !standsAt(now, touched, 'to')) {
    const message = `Somebody changed the ${wordsOfNamed(input)} since. Nothing was put back.`;
    throw new FaultError('world-changed', message);
  }
  const { metadata, ...fields } = backPatch(touched);
  const version = { resourceVersion: live.metadata?.resourceVersion };
  await cluster.patch(
    pathOfNamed(input),
    { ...fields, metadata: { ...(metadata as object), ...version } },
    dryRun,
  );
  return { live, back };
}

/** The object itself and what would change; not even a hash of a secret's values is kept. */
function boundTo({ kind }: PatchInput, { metadata }: KubeObject, touched: readonly Touched[]): Fields {
  const secret = kind === 'Secret' ? { version: metadata?.resourceVersion ?? '' } : {};
  return { uid: metadata?.uid ?? '', change: touchedHash(touched), ...secret };
}

function summaryOf(paths: readonly string[]): string {
  if (paths.length === 0) return 'It is so already.';
  const rest = paths.length - 3;
  return `changes ${paths.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

import { FaultError } from '../../domain/fault.ts';
import type { ExecuteContext, Preview, UndoContract, Verification } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import { leftBehind, problemIn, recordsAfter, unrecorded } from './change.ts';
import { compareObjects, inWords } from './compare.ts';
import { followWorkloads } from './health.ts';
import { placeObjects } from './objects.ts';
import { currentOf, isPending, type ReleaseRecord, readRecords, stateOf } from './records.ts';
import { wordsOf } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { serverSideArguments } from './server-side.ts';
import type { WriteInput } from './writes.ts';

/** What a write does to helm's count: `install` and `uninstall` begin and end it. */
export type ChangeKind = 'install' | 'upgrade' | 'rollback' | 'uninstall';

/**
 * `back` is the revision to go back to, 0 for none; `left` the last revision as the write leaves it; `kept` whether an
 * earlier release's history was there and stays.
 */
export type ReleaseUndo = { back: number; left: number; kept: boolean };

/** Undo by helm's own rollback, or uninstall where there was nothing; refused after anybody's later revision. */
export function undoOf<Input extends WriteInput>(
  kind: ChangeKind,
  unless?: (input: Input) => string | undefined,
): UndoContract<Input, ReleaseUndo> {
  return {
    kind: 'reversible',
    ...(unless === undefined ? {} : { unless }),
    capture: (input, reader) =>
      withHelm(reader, input.connection, async ({ api }) => {
        const records = await readRecords(api, input);
        const last = records.at(-1)?.version ?? 0;
        const current = currentOf(records);
        // What brings an uninstalled release back is undone by uninstalling it again.
        const anew = kind === 'install' || (kind === 'rollback' && current?.status === 'uninstalled');
        return {
          back: anew ? 0 : (current?.version ?? 0),
          left: kind === 'uninstall' ? last : last + 1,
          kept: anew && last > 0,
        };
      }),
    previewRestore: (input, undo, reader) =>
      withHelm(reader, input.connection, (helm) => previewRestore(helm, kind, input, undo)),
    restore: (input, undo, writer) => restore(kind, input, undo, writer),
    verifyRestored: (input, undo, reader) =>
      withHelm(reader, input.connection, (helm) => verifyRestored(helm, kind, input, undo)),
  };
}

/** Whether what a write made stands and runs. */
export async function verifyChange(
  kind: ChangeKind,
  input: WriteInput,
  reader: Reader,
  { approved }: ExecuteContext,
): Promise<Verification> {
  const before = (approved?.fingerprint ?? {}) as { revision?: number };
  return withHelm(reader, input.connection, async (helm) => {
    const records = await readRecords(helm.api, input);
    const last = records.at(-1);
    const expected = (before.revision ?? 0) + (kind === 'uninstall' ? 0 : 1);
    if (last === undefined) return { state: 'failed', evidence: `The ${wordsOf(input)} does not exist.` };
    if (isPending(last)) return { state: 'unclear', evidence: leftBehind(input, records) };
    if (last.version !== expected)
      return {
        state: 'unclear',
        evidence: `Somebody made revision ${last.version} of the ${wordsOf(input)} meanwhile.`,
      };
    if (kind === 'uninstall') return verifyGone(helm, input, last);
    if (last.status !== 'deployed')
      return { state: 'failed', evidence: `Revision ${last.version} is ${last.status}: ${last.description}` };
    return followWorkloads(helm.api, reader, await placeObjects(helm.api, last.manifest, input.namespace));
  });
}

async function restore(
  kind: ChangeKind,
  input: WriteInput,
  undo: ReleaseUndo,
  writer: Writer,
): Promise<void> {
  await withHelm(writer, input.connection, async (helm) => {
    const before = await readRecords(helm.api, input);
    if (isRestored(kind, input, undo, before)) return;
    const { namespace, release } = input;
    const place = ['--namespace', namespace, '--timeout', '240s'];
    const command =
      undo.back === 0
        ? ['uninstall', release, ...(undo.kept ? ['--keep-history'] : [])]
        : ['rollback', release, String(undo.back), ...(await serverSideArguments(helm, input.serverSide))];
    try {
      await helm.run([...command, ...place], 270);
    } catch (error) {
      const failure = undo.back === 0 ? await unrecorded(error, helm.api, input, before) : error;
      if (isRestored(kind, input, undo, await recordsAfter(failure, helm.api, input, before))) return;
      const words = `The ${wordsOf(input)} is put back in part only. Undo it again once that is mended.`;
      throw new FaultError('unhealthy', `${problemIn(failure)} ${words}`);
    }
  });
}

/**
 * Whether things are as before; throws `world-changed` when they are neither so nor as the write, or a restore that
 * was lost or failed, left them.
 */
function isRestored(
  kind: ChangeKind,
  input: WriteInput,
  { back, left, kept }: ReleaseUndo,
  records: readonly ReleaseRecord[],
): boolean {
  const last = records.at(-1);
  if (back === 0 && (last === undefined || (kept && last.status === 'uninstalled' && last.version <= left)))
    return true;
  if (back === 0 && last?.version === left && last.status === 'uninstalling') return false;
  const later = records.filter(({ version }) => version > left);
  const target = records.find(({ version }) => version === back);
  if (back > 0 && later.length > 0 && later.every((record) => putsBack(record, input, back, target)))
    return last?.status === 'deployed';
  const untouched =
    kind === 'uninstall'
      ? last?.version === left && last.status !== 'uninstalled' && !isPending(last)
      : last?.version === left - 1;
  if (untouched) return true;
  if (last?.version === left && !isPending(last)) return false;
  const found =
    last === undefined ? 'it is gone' : `revision ${last.version} is ${last.status}: ${last.description}`;
  throw new FaultError(
    'world-changed',
    `The ${wordsOf(input)} is not as this step left it (revision ${left}): ${found}. Nothing was put back.`,
  );
}

/** A revision that helm made, or began to make, to go back: what a failed one says does not tell where to. */
function putsBack(
  { description, manifest }: ReleaseRecord,
  { release }: WriteInput,
  back: number,
  target: ReleaseRecord | undefined,
): boolean {
  if (description === `Rollback to ${back}`) return true;
  return description.startsWith(`Rollback "${release}" failed`) && manifest === target?.manifest;
}

async function previewRestore(
  { api }: Helm,
  kind: ChangeKind,
  input: WriteInput,
  undo: ReleaseUndo,
): Promise<Preview> {
  const records = await readRecords(api, input);
  const restored = isRestored(kind, input, undo, records);
  const present = kind === 'uninstall' ? '' : (records.at(-1)?.manifest ?? '');
  const target = records.find(({ version }) => version === undo.back);
  const [from, to] = await Promise.all([
    placeObjects(api, present, input.namespace),
    placeObjects(api, restored ? present : (target?.manifest ?? ''), input.namespace),
  ]);
  const comparison = compareObjects(from, to);
  const how = undo.back === 0 ? 'uninstalls the release' : `goes back to revision ${undo.back}`;
  return {
    kind: 'computed',
    before: { revision: records.at(-1)?.version ?? 0, objects: comparison.before },
    after: { chart: target?.chart ?? 'none', objects: comparison.after },
    fingerprint: stateOf(records),
    summary: restored ? 'Already as it was before.' : `${how}: ${inWords(comparison)}`,
    warnings: [],
    raises: [],
    server: input.clusterUid,
  };
}

async function verifyRestored(
  helm: Helm,
  kind: ChangeKind,
  input: WriteInput,
  undo: ReleaseUndo,
): Promise<Verification> {
  const records = await readRecords(helm.api, input);
  const last = records.at(-1);
  if (!isRestored(kind, input, undo, records))
    return { state: 'failed', evidence: `The ${wordsOf(input)} is still at revision ${last?.version}.` };
  if (undo.back === 0) return { state: 'healthy', evidence: `The ${wordsOf(input)} is uninstalled again.` };
  const objects = await placeObjects(helm.api, last?.manifest ?? '', input.namespace);
  return followWorkloads(helm.api, helm.reader, objects);
}

async function verifyGone(helm: Helm, input: WriteInput, last: ReleaseRecord): Promise<Verification> {
  if (last.status !== 'uninstalled')
    return { state: 'failed', evidence: `Revision ${last.version} is ${last.status}: ${last.description}` };
  const paths = input.objects.filter(({ acts }) => acts.includes('delete')).map(({ path }) => path);
  for (let tries = 0; ; tries += 1) {
    const left = await stillThere(helm, paths);
    if (left.length === 0)
      return { state: 'healthy', evidence: `All objects of the ${wordsOf(input)} are gone.` };
    const line = `still there: ${left.slice(0, 5).join(', ')}`;
    if (tries === 0) helm.reader.report(line);
    if (tries >= 40) return { state: 'unclear', evidence: `The release is uninstalled; ${line}.` };
    await helm.reader.sleep(Math.min(1500, 200 * (tries + 1)));
  }
}

async function stillThere({ api }: Helm, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => ((await api.find(path)) === undefined ? [] : [path])),
  );
  return found.flat();
}

import { tierOf } from '../../domain/environment.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { Preview, UndoContract } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { WorkloadChange } from './change.ts';
import { type Cluster, openCluster } from './client.ts';
import { fingerprintOf, readForWrite, refuseChanged, whileItMoves, write } from './guarded-write.ts';
import { followRollout } from './rollout.ts';
import {
  readWorkload,
  type View,
  viewJson,
  viewOf,
  type Workload,
  type WorkloadInput,
  wordsOf,
} from './workload.ts';

type Fields = { [field: string]: Json };

/** What is kept before a write: the object's identity, the fields to put back, and the fields as the write leaves them. */
export type WorkloadUndo = { uid: string; back: Fields; left: Fields };

/** A change that can be put back. `touches` picks the fields of the view that it overwrites. */
export type ReversibleChange<Input extends WorkloadInput> = WorkloadChange<Input> & {
  touches(view: View, input: Input): Fields;
  /** The object with the captured fields in place. Reads only. */
  putBack(workload: Workload, back: Fields, input: Input, cluster: Cluster): Promise<Workload>;
};

/**
 * Undo by writing back what the change overwrote. It is refused when somebody changed those fields later, and does
 * nothing when they are back already, so doing it twice is safe.
 */
export function reversible<Input extends WorkloadInput>(
  what: ReversibleChange<Input>,
): UndoContract<Input, WorkloadUndo> {
  return {
    kind: 'reversible',
    capture: (input, reader) => capture(what, input, reader),
    previewRestore: (input, undo, reader) => previewRestore(what, input, undo, reader),
    restore: (input, undo, writer) => restore(what, input, undo, writer),
    verifyRestored: (input, undo, reader) => {
      const kept = (view: View) => canonicalJson(what.touches(view, input)) === canonicalJson(undo.back);
      return followRollout(openCluster(reader, input.connection), input, kept);
    },
  };
}

async function capture<Input extends WorkloadInput>(
  what: ReversibleChange<Input>,
  input: Input,
  reader: Reader,
): Promise<WorkloadUndo> {
  const cluster = openCluster(reader, input.connection);
  const live = await readWorkload(cluster, input);
  const { workload: changed } = await what.change(live, input, cluster);
  return {
    uid: live.metadata?.uid ?? '',
    back: what.touches(viewOf(live), input),
    left: what.touches(viewOf(changed), input),
  };
}

async function previewRestore<Input extends WorkloadInput>(
  what: ReversibleChange<Input>,
  input: Input,
  undo: WorkloadUndo,
  reader: Reader,
): Promise<Preview> {
  const cluster = openCluster(reader, input.connection);
  const { live, answer, restored } = await whileItMoves(wordsOf(input), async () => {
    const live = await readForWrite(cluster, input);
    const restored = isRestored(what, input, undo, live);
    const changed = restored ? live : await what.putBack(live, undo.back, input, cluster);
    return {
      live,
      restored,
      answer: await write(cluster, input, live, changed, { mark: undefined, dryRun: true }),
    };
  });
  const before = viewOf(live);
  const after = viewOf(answer);
  const remark = what.remark(before, after, input, tierOf(reader.environments, input.environment));
  return {
    kind: 'dry-run',
    before: viewJson(before),
    after: viewJson(after),
    fingerprint: fingerprintOf(live, what.touches(before, input)),
    summary: restored ? 'Already as it was before.' : remark.summary,
    warnings: remark.warnings ?? [],
    raises: remark.raises ?? [],
    server: input.clusterUid,
  };
}

async function restore<Input extends WorkloadInput>(
  what: ReversibleChange<Input>,
  input: Input,
  undo: WorkloadUndo,
  writer: Writer,
): Promise<void> {
  const cluster = openCluster(writer, input.connection);
  await whileItMoves(wordsOf(input), async () => {
    const live = await readForWrite(cluster, input);
    if (isRestored(what, input, undo, live)) return;
    const changed = await what.putBack(live, undo.back, input, cluster);
    await write(cluster, input, live, changed, { mark: undefined, dryRun: false });
  });
}

/** Whether the fields are back already; throws `world-changed` when they are neither so nor as the write left them. */
function isRestored<Input extends WorkloadInput>(
  what: ReversibleChange<Input>,
  input: Input,
  { uid, back, left }: WorkloadUndo,
  live: Workload,
): boolean {
  const now = fingerprintOf(live, what.touches(viewOf(live), input));
  if (canonicalJson(now) === canonicalJson({ uid, ...back })) return true;
  refuseChanged(wordsOf(input), { uid, ...left }, now);
  return false;
}

import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, isObject, type Json } from '../../domain/json.ts';
import type { Preview, UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type AppliedObject, type ApplyInput, lookAll } from './apply-objects.ts';
import { type Cluster, openCluster } from './client.ts';
import { contentsOf } from './goes-along.ts';
import { whileItMoves } from './guarded-write.ts';
import { titleOf } from './manifest-text.ts';
import { pathOfNamed } from './named-object.ts';
import { shownTouched } from './shown-fields.ts';
import { backPatch, ownFields, standsAt, type Touched } from './touched.ts';
import type { KubeObject } from './wire.ts';

type Fields = { [field: string]: Json };

/** What was there before an object was applied: nothing (and how it was made), or the fields that were touched. */
export type ApplyUndo = { objects: ({ made: Fields } | { uid: string; touched: Touched[] })[] };

type Seen = {
  object: AppliedObject;
  live: KubeObject | undefined;
  kept: ApplyUndo['objects'][number];
  back: boolean;
};

/** Undo: what was made is deleted, what was changed is put back; all only while it is as the write left it. */
export const applyUndo: UndoContract<ApplyInput, ApplyUndo> = {
  kind: 'reversible',
  unless({ objects }) {
    const holds = (...kinds: string[]) => objects.some(({ kind }) => kinds.includes(kind));
    if (holds('Job', 'Pod')) return 'what a job or a pod has done stays done';
    if (holds('PersistentVolumeClaim', 'PersistentVolume')) return 'data on a new volume would go with it';
    return undefined;
  },
  async capture(input, reader) {
    const looked = await lookAll(openCluster(reader, input.connection), input);
    const objects = looked.map(({ object, live, answer, touched }) => {
      if (live !== undefined) return { uid: live.metadata?.uid ?? '', touched: [...touched] };
      return { made: wantedOf(object, answer) };
    });
    return { objects };
  },
  async previewRestore(input, undo, reader) {
    return previewOf(input, await putBack(input, undo, reader, true));
  },
  async restore(input, undo, writer) {
    await whileItMoves('objects', () => putBack(input, undo, writer, false));
  },
  async verifyRestored(input, undo, reader) {
    const cluster = openCluster(reader, input.connection);
    const wrong: string[] = [];
    for (const [index, object] of input.objects.entries()) {
      const live = await cluster.find<KubeObject>(pathOfNamed(object));
      const kept = undo.objects[index];
      if (kept !== undefined && !isBack(kept, live)) wrong.push(titleOf(object));
    }
    const evidence =
      wrong.length === 0 ? 'Everything is as it was before.' : `Not as before: ${wrong.join(', ')}.`;
    return { state: wrong.length === 0 ? 'healthy' : 'failed', evidence };
  },
};

/** Looks at everything first, and writes only when all of it may be put back; the last object comes first. */
async function putBack(input: ApplyInput, undo: ApplyUndo, reader: Reader, dryRun: boolean): Promise<Seen[]> {
  const cluster = openCluster(reader, input.connection);
  const seen = await Promise.all(
    input.objects.map((object, index) => look(cluster, object, undo.objects[index])),
  );
  for (const { object, live, back } of seen) if (!back) await refuseFull(cluster, input, object, live);
  for (const { object, live, kept, back } of [...seen].reverse()) {
    if (back || live === undefined) continue;
    const { uid = '', resourceVersion } = live.metadata ?? {};
    if ('made' in kept) await cluster.remove(pathOfNamed(object), uid, dryRun);
    else {
      const { metadata, ...fields } = backPatch(kept.touched);
      const version = { ...(isObject(metadata) ? metadata : {}), resourceVersion };
      await cluster.patch(pathOfNamed(object), { ...fields, metadata: version }, dryRun);
    }
  }
  return seen;
}

async function look(
  cluster: Cluster,
  object: AppliedObject,
  kept: ApplyUndo['objects'][number] | undefined,
): Promise<Seen> {
  if (kept === undefined) throw new FaultError('internal', 'The captured state holds too few objects.');
  const live = await cluster.find<KubeObject>(pathOfNamed(object));
  const back = isBack(kept, live);
  if (!back && !isAsLeft(kept, live)) {
    const message = `Somebody changed the ${titleOf(object)} since. Nothing was put back.`;
    throw new FaultError('world-changed', message);
  }
  return { object, live, kept, back };
}

function isBack(kept: ApplyUndo['objects'][number], live: KubeObject | undefined): boolean {
  if ('made' in kept) return live === undefined || live.metadata?.deletionTimestamp !== undefined;
  return live?.metadata?.uid === kept.uid && standsAt(ownFields(live), kept.touched, 'from');
}

function isAsLeft(kept: ApplyUndo['objects'][number], live: KubeObject | undefined): boolean {
  if (live === undefined) return false;
  if ('made' in kept) return covers(ownFields(live), kept.made);
  return live.metadata?.uid === kept.uid && standsAt(ownFields(live), kept.touched, 'to');
}

/** The wanted fields as the server writes them, where it was asked. */
function wantedOf({ body }: AppliedObject, answer: KubeObject | undefined): Fields {
  return answer === undefined ? body : (pick(ownFields(answer), body) as Fields);
}

/** What stands in `from` at the places that `wanted` names. */
function pick(from: Json, wanted: Json): Json {
  if (!isObject(wanted) || !isObject(from)) return from;
  const fields = Object.keys(wanted).filter((field) => from[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, pick(from[field] ?? null, wanted[field] ?? null)]));
}

/** Whether all that is wanted stands there; more may. */
function covers(live: Json, wanted: Json): boolean {
  if (isObject(wanted))
    return (
      isObject(live) &&
      Object.keys(wanted).every((field) => covers(live[field] ?? null, wanted[field] ?? null))
    );
  if (Array.isArray(wanted))
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((item, index) => covers(live[index] ?? null, item))
    );
  return canonicalJson(live) === canonicalJson(wanted);
}

/** A namespace that others have put something into is not deleted. */
async function refuseFull(
  cluster: Cluster,
  { objects }: ApplyInput,
  object: AppliedObject,
  live?: KubeObject,
) {
  if (object.kind !== 'Namespace' || live === undefined) return;
  const ours = objects.map(({ kind, name }) => `${kind.toLowerCase()} ${name}`);
  const others = (await contentsOf(cluster, object.name)).filter((title) => !ours.includes(title));
  if (others.length === 0) return;
  const message = `The namespace ${object.name} is in use by now: ${others.slice(0, 5).join(', ')}. It is not deleted.`;
  throw new FaultError('world-changed', message);
}

function previewOf(input: ApplyInput, seen: readonly Seen[]): Preview {
  const before: Fields = {};
  const after: Fields = {};
  const fingerprint: Fields = {};
  for (const { object, live, kept, back } of seen) {
    const title = titleOf(object);
    fingerprint[title] = { uid: live?.metadata?.uid ?? null, back };
    if (back) continue;
    if ('made' in kept) before[title] = 'there';
    else {
      const shown = shownTouched(object.kind, kept.touched);
      before[title] = shown.after;
      after[title] = shown.before;
    }
  }
  const left = seen.filter(({ back }) => !back);
  const made = left.filter(({ kept }) => 'made' in kept).length;
  const parts = [
    ...(made > 0 ? [`deletes the ${made} that ${made === 1 ? 'was' : 'were'} made`] : []),
    ...(left.length > made ? [`puts back ${left.length - made}`] : []),
  ];
  const summary = left.length === 0 ? 'Already as it was before.' : parts.join('; ');
  return {
    kind: 'dry-run',
    before,
    after,
    fingerprint,
    summary,
    warnings: [],
    raises: [],
    server: input.clusterUid,
  };
}

import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { ExecuteContext, Landed, Preview } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import {
  type ApplyInput,
  boundTo,
  type Looked,
  lastApplyKey,
  lookAll,
  lookAt,
  send,
} from './apply-objects.ts';
import { remarkOn } from './apply-remark.ts';
import { type Cluster, openCluster } from './client.ts';
import { conflictsInWords } from './field-conflicts.ts';
import { refuseChanged, whileItMoves } from './guarded-write.ts';
import { titleOf } from './manifest-text.ts';
import { shownFields, shownTouched } from './shown-fields.ts';
import type { KubeObject } from './wire.ts';

type Fields = { [field: string]: Json };

/** What the server would make of the manifest: new objects as they are written, others by what changes in them. */
export async function previewApply(input: ApplyInput, reader: Reader): Promise<Preview> {
  const cluster = openCluster(reader, input.connection);
  const looked = await lookAll(cluster, input);
  refuseConflicts(looked);
  const before: Fields = {};
  const after: Fields = {};
  const fingerprint: Fields = {};
  for (const each of looked) {
    const { object, live, touched } = each;
    const title = titleOf(object);
    fingerprint[title] = boundTo(each);
    if (live === undefined) after[title] = shownFields(object.kind, object.body);
    else if (touched.length > 0) {
      const shown = shownTouched(object.kind, touched);
      before[title] = shown.before;
      after[title] = shown.after;
    }
  }
  const tried = looked.every(({ answer }) => answer !== undefined);
  return {
    kind: tried ? 'dry-run' : 'computed',
    ...{ before, after, fingerprint },
    ...(await remarkOn(cluster, input, looked)),
    server: input.clusterUid,
  };
}

/**
 * Applies every object, in order, if the world is still as approved. Objects that carry this key already are left.
 * @throws FaultError `world-changed` where somebody was faster; what fails later says what was written.
 */
export async function executeApply(
  input: ApplyInput,
  writer: Writer,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<{ applied: string[] }> {
  if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
  const cluster = openCluster(writer, input.connection);
  const looked = await lookAll(cluster, input);
  const left = looked.filter(({ live }) => markOf(live) !== idempotencyKey);
  for (const each of left) refuseOther(each, approved);
  refuseConflicts(left);
  const done: string[] = [];
  for (const each of left) {
    await applyOne(cluster, input, each, approved, idempotencyKey).catch((error: unknown) => {
      throw partly(error, done);
    });
    done.push(titleOf(each.object));
  }
  return { applied: input.objects.map(titleOf) };
}

/** Whether the write of this key is there: on all objects, on none of them, or who knows. */
export async function applyLanded(
  input: ApplyInput,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const looked = await lookAll(openCluster(reader, input.connection), input);
  if (looked.every(({ live }) => markOf(live) === idempotencyKey)) return 'yes';
  const asBefore = looked.every(
    (each) => canonicalJson(boundTo(each)) === canonicalJson(approvedFor(each, approved)),
  );
  return asBefore && looked.every(({ live }) => markOf(live) !== idempotencyKey) ? 'no' : 'unclear';
}

/** Fields that others own with other values: nothing is written without an explicit wish. */
export function refuseConflicts(looked: readonly Looked[]): void {
  const words = conflictsIn(looked);
  if (words === undefined) return;
  const how = 'Leave these fields out of the manifest, or ask for it with force to take them over.';
  throw new FaultError('conflict', `Others own fields with other values: ${words}. ${how}`);
}

/** "deployment shop/web: spec.replicas (kubectl-scale)", or undefined. */
export function conflictsIn(looked: readonly Looked[]): string | undefined {
  const some = looked.filter(({ conflicts }) => conflicts.length > 0);
  if (some.length === 0) return undefined;
  return some.map(({ object, conflicts }) => `${titleOf(object)}: ${conflictsInWords(conflicts)}`).join('; ');
}

export function markOf(live: KubeObject | undefined): string | undefined {
  return live?.metadata?.annotations?.[lastApplyKey];
}

async function applyOne(
  cluster: Cluster,
  input: ApplyInput,
  first: Looked,
  approved: Preview,
  mark: string,
): Promise<void> {
  let looked: Looked | undefined = first;
  await whileItMoves(titleOf(first.object), async () => {
    const now = looked ?? (await lookAt(cluster, input, first.object));
    looked = undefined;
    refuseOther(now, approved);
    const sent = await send(cluster, input, now.object, now.live, { mark, dryRun: false });
    if (sent.kind === 'conflicts') refuseConflicts([{ ...now, conflicts: sent.conflicts }]);
  });
}

function refuseOther(each: Looked, approved: Preview): void {
  if (each.conflicts.length > 0) return;
  refuseChanged(titleOf(each.object), approvedFor(each, approved), boundTo(each));
}

function approvedFor({ object }: Looked, approved: Preview | undefined): Json {
  return (approved?.fingerprint as Fields | undefined)?.[titleOf(object)] ?? null;
}

/** A failure halfway says what was written before it. */
function partly(error: unknown, done: readonly string[]): unknown {
  if (done.length === 0 || !(error instanceof FaultError)) return error;
  const { code, message } = error.fault;
  const said = message.replace(' Nothing was written.', '').replace(/Nothing was written; /, '');
  return new FaultError(code, `${said} Applied before it: ${done.join(', ')}.`, { cause: error });
}

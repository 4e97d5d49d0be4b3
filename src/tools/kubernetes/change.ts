import { type Tier, tierOf } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { ExecuteContext, Landed, Preview } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { type Cluster, openCluster } from './client.ts';
import { differences } from './differences.ts';
import { mergePatch } from './merge-patch.ts';
import { overlay } from './overlay.ts';
import { findWarnings } from './warnings.ts';
import {
  readWorkload,
  type View,
  viewJson,
  viewOf,
  type Workload,
  type WorkloadInput,
  wordsOf,
  workloadPath,
} from './workload.ts';

type Fields = { [field: string]: Json };

/** One way of changing a workload: what it depends on, what the object becomes, and what people are told. */
export type WorkloadChange<Input extends WorkloadInput> = {
  /** The object as it shall be, and the fields that an approval is bound to besides the uid. Reads only. */
  change(
    workload: Workload,
    input: Input,
    cluster: Cluster,
  ): Promise<{ workload: Workload; depends: Fields }>;
  remark(before: View, after: View, input: Input, tier: Tier): Remark;
  /** Replaces in the view what differs on each run, e.g. the time of a restart. */
  steady?(after: View): View;
};

export type Remark = { summary: string; warnings?: readonly string[]; raises?: readonly RiskRaise[] };

/** Which step wrote last; part of the same write, so that a lost worker's write can be recognised. */
export const lastStepKey = 'reign.dev/last-step';

const attempts = 5;

/** Asks the server what the change would do. The request is the write's own, with `dryRun=All` and another mark. */
export async function previewChange<Input extends WorkloadInput>(
  what: WorkloadChange<Input>,
  input: Input,
  reader: Reader,
  previous?: Preview,
): Promise<Preview> {
  const cluster = openCluster(reader, input.connection);
  const live = await readWorkload(cluster, input);
  const workload = previous === undefined ? live : overlay(live, previous.after, input);
  const { workload: changed, depends } = await what.change(workload, input, cluster);
  const before =
    previous === undefined ? viewOf(live) : ({ ...viewOf(workload), ...restartOf(previous) } as View);
  const answer = await write(cluster, input, live, changed, { mark: 'preview', dryRun: true });
  const after = what.steady?.(viewOf(answer)) ?? viewOf(answer);
  const remark = what.remark(before, after, input, tierOf(reader.environments, input.environment));
  return {
    kind: 'dry-run',
    before: viewJson(before),
    after: viewJson(after),
    fingerprint: fingerprintOf(live, depends),
    summary: remark.summary,
    warnings: [...(remark.warnings ?? []), ...(await findWarnings(cluster, input, live))],
    raises: remark.raises ?? [],
    server: input.clusterUid,
  };
}

/**
 * Makes the change if the world is still as approved, on the very object version that was compared.
 * Doing it again with the same key changes nothing.
 * @throws FaultError `world-changed` naming what differs; `conflict` when others keep writing.
 */
export async function executeChange<Input extends WorkloadInput>(
  what: WorkloadChange<Input>,
  input: Input,
  writer: Writer,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Workload> {
  if (approved === undefined)
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  const cluster = openCluster(writer, input.connection);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const live = await readForWrite(cluster, input);
    if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return live;
    const { workload: changed, depends } = await what.change(live, input, cluster);
    refuseChanged(input, approved.fingerprint, fingerprintOf(live, depends));
    const written = await unlessConflict(
      write(cluster, input, live, changed, { mark: idempotencyKey, dryRun: false }),
    );
    if (written !== undefined) return written;
  }
  throw new FaultError(
    'conflict',
    `Somebody else keeps changing the ${wordsOf(input)}. Nothing was written.`,
  );
}

/** Whether the write of this key is there: its mark says yes, an unchanged fingerprint no. */
export async function changeLanded<Input extends WorkloadInput>(
  what: WorkloadChange<Input>,
  input: Input,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const cluster = openCluster(reader, input.connection);
  const live = await cluster.find<Workload>(workloadPath(input));
  if (live === undefined) return 'unclear';
  if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return 'yes';
  if (approved === undefined) return 'unclear';
  const { depends } = await what.change(live, input, cluster);
  return canonicalJson(fingerprintOf(live, depends)) === canonicalJson(approved.fingerprint)
    ? 'no'
    : 'unclear';
}

/** One merge patch on exactly the version that was read. Resolves with the object as it is (or would be) after it. */
export function write(
  cluster: Cluster,
  input: WorkloadInput,
  live: Workload,
  changed: Workload,
  { mark, dryRun }: { mark: string | undefined; dryRun: boolean },
): Promise<Workload> {
  const patch = (mergePatch(live, changed) ?? {}) as { metadata?: { annotations?: object } };
  const marked = mark === undefined ? {} : { [lastStepKey]: mark };
  const annotations = { ...patch.metadata?.annotations, ...marked };
  const metadata = { ...patch.metadata, annotations, resourceVersion: live.metadata?.resourceVersion };
  return cluster.patch<Workload>(workloadPath(input), { ...patch, metadata }, dryRun);
}

/** Undefined when the server refused because the object has moved on. */
export async function unlessConflict<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'conflict') return undefined;
    throw error;
  }
}

/** The object before a write; one that is gone means that the world has changed. */
export async function readForWrite(cluster: Cluster, input: WorkloadInput): Promise<Workload> {
  const live = await cluster.find<Workload>(workloadPath(input));
  if (live !== undefined) return live;
  throw new FaultError('world-changed', `The ${wordsOf(input)} was deleted since. Nothing was written.`);
}

export function fingerprintOf(workload: Workload, fields: Fields): Fields {
  return { uid: workload.metadata?.uid ?? '', ...fields };
}

/** @throws FaultError `world-changed` that names each difference in words. */
export function refuseChanged(input: WorkloadInput, approved: Json, now: Json): void {
  if (canonicalJson(approved) === canonicalJson(now)) return;
  const changes = differences(approved, now).join('; ');
  throw new FaultError(
    'world-changed',
    `The ${wordsOf(input)} is not as it was: ${changes}. Nothing was written; ask again to see the present state.`,
  );
}

function restartOf(previous: Preview): Partial<View> {
  const { restartedAt } = previous.after as Partial<View>;
  return restartedAt === undefined ? {} : { restartedAt };
}

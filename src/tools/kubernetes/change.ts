import { type Tier, tierOf } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { ExecuteContext, Landed, Preview } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { type Cluster, openCluster } from './client.ts';
import {
  fingerprintOf,
  lastStepKey,
  readForWrite,
  refuseChanged,
  whileItMoves,
  write,
} from './guarded-write.ts';
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
  workloadAsk,
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

/** Asks the server what the change would do. The request is the write's own, with `dryRun=All` and another mark. */
export async function previewChange<Input extends WorkloadInput>(
  what: WorkloadChange<Input>,
  input: Input,
  reader: Reader,
  previous?: Preview,
): Promise<Preview> {
  const cluster = openCluster(reader, input.connection);
  const { live, workload, answer, depends } = await whileItMoves(wordsOf(input), async () => {
    const live = await readWorkload(cluster, input);
    const workload = previous === undefined ? live : overlay(live, previous.after, input);
    const { workload: changed, depends } = await what.change(workload, input, cluster);
    const answer = await write(cluster, input, live, changed, { mark: 'preview', dryRun: true });
    return { live, workload, answer, depends };
  });
  const before = { ...viewOf(workload), ...(previous === undefined ? {} : restartOf(previous)) };
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
  if (approved === undefined) {
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  }
  const cluster = openCluster(writer, input.connection);
  return whileItMoves(wordsOf(input), async () => {
    const live = await readForWrite(cluster, input);
    if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return live;
    const { workload: changed, depends } = await what.change(live, input, cluster);
    refuseChanged(wordsOf(input), approved.fingerprint, fingerprintOf(live, depends));
    return write(cluster, input, live, changed, { mark: idempotencyKey, dryRun: false });
  });
}

/** Whether the write of this key is there: its mark says yes, an unchanged fingerprint no. */
export async function changeLanded<Input extends WorkloadInput>(
  what: WorkloadChange<Input>,
  input: Input,
  reader: Reader,
  { approved, idempotencyKey }: ExecuteContext,
): Promise<Landed> {
  const cluster = openCluster(reader, input.connection);
  const live = await cluster.find<Workload>(workloadAsk(input));
  if (live === undefined) return 'unclear';
  if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return 'yes';
  if (approved === undefined) return 'unclear';
  const { depends } = await what.change(live, input, cluster);
  return canonicalJson(fingerprintOf(live, depends)) === canonicalJson(approved.fingerprint)
    ? 'no'
    : 'unclear';
}

function restartOf(previous: Preview): Partial<View> {
  const { restartedAt } = previous.after as Partial<View>;
  return restartedAt === undefined ? {} : { restartedAt };
}

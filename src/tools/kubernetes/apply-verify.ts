import type { ExecuteContext, Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { markOf } from './apply-change.ts';
import type { AppliedObject, ApplyInput } from './apply-objects.ts';
import { type Cluster, openCluster } from './client.ts';
import { titleOf } from './manifest-text.ts';
import { pathOfNamed } from './named-object.ts';
import { followRollout } from './rollout.ts';
import type { KubeObject } from './wire.ts';
import { type WorkloadKind, workloadKinds } from './workload.ts';

/** Looks whether everything stands as it was applied, and follows the rollouts that it began, one after another. */
export async function verifyApply(
  input: ApplyInput,
  reader: Reader,
  { idempotencyKey }: ExecuteContext,
): Promise<Verification> {
  const cluster = openCluster(reader, input.connection);
  return verifyEach(input, (object) => verifyObject(cluster, input, object, idempotencyKey));
}

/** Looks at one object after the other; the first that has failed ends it. */
export async function verifyEach(
  input: ApplyInput,
  verifyOne: (object: AppliedObject) => Promise<Verification>,
): Promise<Verification> {
  const said: Verification[] = [];
  for (const object of input.objects) {
    const seen = await verifyOne(object);
    const evidence = `${titleOf(object)}: ${seen.evidence}`;
    if (seen.state === 'failed') return { ...seen, evidence };
    said.push({ ...seen, evidence });
  }
  const unclear = said.filter(({ state }) => state === 'unclear');
  const shown = (unclear.length > 0 ? unclear : said).map(({ evidence }) => evidence).join('; ');
  return { state: unclear.length > 0 ? 'unclear' : 'healthy', evidence: shown };
}

async function verifyObject(
  cluster: Cluster,
  input: ApplyInput,
  object: AppliedObject,
  mark: string,
): Promise<Verification> {
  const live = await cluster.find<KubeObject>(pathOfNamed(object));
  if (live === undefined) return { state: 'failed', evidence: 'it is not there' };
  if (markOf(live) !== mark) return { state: 'unclear', evidence: 'it was applied again since' };
  return settle(cluster, input, object);
}

/** A workload's rollout to its end; everything else is done when it is written. */
export async function settle(
  cluster: Cluster,
  { environment, connection, clusterUid }: Pick<ApplyInput, 'environment' | 'connection' | 'clusterUid'>,
  { kind: called, namespace = '', name }: { kind: string; namespace?: string | undefined; name: string },
): Promise<Verification> {
  const kind = called.toLowerCase() as WorkloadKind;
  if (!workloadKinds.includes(kind)) return { state: 'healthy', evidence: 'written' };
  const at = { environment, connection, clusterUid, namespace, kind, name };
  return followRollout(cluster, at, () => true);
}

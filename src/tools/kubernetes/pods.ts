import type { Cluster } from './client.ts';
import type { Pod, ReplicaSet } from './wire.ts';
import { templateHash, templateOf, type Workload, type WorkloadInput } from './workload.ts';

type Selector = {
  matchLabels?: { [key: string]: string };
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
};

export const revisionKey = 'deployment.kubernetes.io/revision';

/** All pods of a workload, newest first. */
export async function podsOf(cluster: Cluster, namespace: string, workload: Workload): Promise<Pod[]> {
  const selector = selectorText((workload.spec?.selector ?? {}) as Selector);
  if (selector === '') return [];
  const pods = await cluster.list<Pod>(({ core }) =>
    core.listNamespacedPod(namespace, undefined, undefined, undefined, undefined, selector),
  );
  return pods.sort((a, b) => createdOf(b).localeCompare(createdOf(a)));
}

/** The pods made from the workload's present template, newest first. */
export async function newPodsOf(cluster: Cluster, input: WorkloadInput, workload: Workload): Promise<Pod[]> {
  const pods = await podsOf(cluster, input.namespace, workload);
  if (input.kind === 'deployment') {
    const [newest] = currentSets(await replicaSetsOf(cluster, input, workload), workload);
    return pods.filter(({ metadata }) =>
      metadata?.ownerReferences?.some(({ uid }) => uid === newest?.metadata?.uid),
    );
  }
  const { updateRevision } = (workload.status ?? {}) as { updateRevision?: string };
  const label = 'controller-revision-hash';
  if (updateRevision === undefined) return pods;
  return pods.filter(({ metadata }) => metadata?.labels?.[label] === updateRevision);
}

/** The replica sets of a deployment, highest revision first. */
export async function replicaSetsOf(
  cluster: Cluster,
  { namespace }: WorkloadInput,
  workload: Workload,
): Promise<ReplicaSet[]> {
  return ownSets(
    workload,
    await cluster.list<ReplicaSet>(({ apps }) => apps.listNamespacedReplicaSet(namespace)),
  );
}

/** Those of the replica sets that belong to a deployment, highest revision first. */
export function ownSets(workload: Pick<Workload, 'metadata'>, sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets
    .filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === workload.metadata?.uid))
    .sort((a, b) => revisionOf(b) - revisionOf(a));
}

/** The revision number that the deployment controller wrote on a deployment or replica set; 0 when there is none. */
export function revisionOf({ metadata }: Pick<ReplicaSet, 'metadata'>): number {
  return Number(metadata?.annotations?.[revisionKey] ?? 0);
}

export function selectorText({ matchLabels, matchExpressions }: Selector): string {
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const others = (matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...labels, ...others].join(',');
}

function currentSets(sets: readonly ReplicaSet[], workload: Workload): ReplicaSet[] {
  const wanted = templateHash(templateOf(workload));
  return sets.filter(({ spec }) => spec?.template !== undefined && templateHash(spec.template) === wanted);
}

function createdOf({ metadata }: Pod): string {
  return metadata?.creationTimestamp ?? '';
}

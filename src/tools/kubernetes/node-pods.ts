import type { Cluster } from './client.ts';
import { controllerOf } from './find-object.ts';
import type { NodeInput } from './node.ts';
import type { Pod } from './wire.ts';

export type PodName = { namespace: string; name: string };

/** The pods of a node by what a drain does with them. */
export type NodePods = {
  /** Moved away: their controllers start them elsewhere. */
  evicted: Pod[];
  /** Left: a daemon set's, or the node's own. */
  left: PodName[];
  /** Nothing would start them again. */
  alone: PodName[];
};

/** Sorts what runs on a node as `kubectl drain --ignore-daemonsets` does. */
export async function podsOn(cluster: Cluster, { name }: Pick<NodeInput, 'name'>): Promise<NodePods> {
  const all = await cluster.list<Pod>(({ core }) => core.listPodForAllNamespaces(), {
    fieldSelector: `spec.nodeName=${name}`,
  });
  // A server may not know the selector.
  const here = all.filter(({ spec }) => spec?.nodeName === name);
  const pods: NodePods = { evicted: [], left: [], alone: [] };
  for (const pod of here) {
    const { metadata, status } = pod;
    if (['Succeeded', 'Failed'].includes(status?.phase ?? '')) continue;
    const owner = controllerOf(pod);
    if (metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined || owner?.kind === 'DaemonSet')
      pods.left.push(nameOf(pod));
    else if (owner === undefined) pods.alone.push(nameOf(pod));
    else pods.evicted.push(pod);
  }
  return pods;
}

export function nameOf({ metadata }: Pod): PodName {
  return { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' };
}

/** Evicted or deleted, and on its way out. */
export function isEnding({ metadata }: Pod): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

export function textOf({ namespace, name }: PodName): string {
  return `${namespace}/${name}`;
}

/** Pods that keep something in a folder which goes with them. */
export function withEmptyDir(pods: readonly Pod[]): PodName[] {
  return pods.filter(({ spec }) => spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined)).map(nameOf);
}

import type { Cluster } from './client.ts';
import { controllerOf } from './find-object.ts';
import { type Kind, kindNamed, listPath } from './kinds.ts';
import type { KubeObject } from './wire.ts';

/** Kinds that controllers make for others, and kinds that people put into namespaces. */
const owned = ['ReplicaSet', 'Pod', 'Job', 'PersistentVolumeClaim'].map(kindNamed);
const contents = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Pod',
  'Service',
  'Ingress',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
].map(kindNamed);
/** What the cluster itself puts into each namespace. */
const madeByItself = new Set(['kube-root-ca.crt']);

/** What a namespace holds that would go with it, as "deployment checkout", without what others there control. */
export async function contentsOf(cluster: Cluster, namespace: string): Promise<string[]> {
  const found = await each(contents, async (kind) => {
    const items = await cluster.list<KubeObject>(listPath(kind, namespace));
    return items
      .filter((item) => !madeByItself.has(item.metadata?.name ?? '') && controllerOf(item) === undefined)
      .map(({ metadata }) => `${kind.singular} ${metadata?.name}`);
  });
  return found.sort();
}

/** What the garbage collector takes with an object, by owner references, as "pod checkout-5f6". */
export async function dependentsOf(cluster: Cluster, namespace: string, uid: string): Promise<string[]> {
  const all = await each(owned, async (kind) =>
    (await cluster.list<KubeObject>(listPath(kind, namespace))).map((item) => ({ kind, item })),
  );
  const below = (owner: string): typeof all =>
    all
      .filter(({ item }) => item.metadata?.ownerReferences?.some((reference) => reference.uid === owner))
      .flatMap((found) => [found, ...below(found.item.metadata?.uid ?? '')]);
  return below(uid)
    .map(({ kind, item }) => `${kind.singular} ${item.metadata?.name}`)
    .sort();
}

async function each<Result>(kinds: readonly Kind[], look: (kind: Kind) => Promise<Result[]>) {
  return (await Promise.all(kinds.map(look))).flat();
}

import type { ConnectionView } from '../../domain/environment.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Cluster, openCluster } from './client.ts';
import { findKind, type Kind, kinds, listPath, objectPath } from './kinds.ts';
import { isKubeName } from './names.ts';
import type { KubeObject } from './wire.ts';

/** What a person called an object: "checkout", "shop/checkout", "deploy/checkout". */
export type Wanted = { name: string; namespace?: string; kind?: Kind };

/** An object that exists. `namespace` is empty for what has none. */
export type Found = { connection: ConnectionView; kind: Kind; namespace: string; name: string };

/** Kubernetes names hold no capitals, so a capital typed in chat changes nothing. */
export function wantedOf(request: { name: string; namespace?: string | undefined }): Wanted {
  const [first = '', second] = request.name.trim().toLowerCase().split('/');
  const namespace = request.namespace === undefined ? {} : { namespace: request.namespace.toLowerCase() };
  if (second === undefined) return { name: first, ...namespace };
  const kind = findKind(first);
  if (kind !== undefined) return { name: second, kind, ...namespace };
  return { name: second, namespace: first, ...namespace };
}

/** Objects of exactly this name among the kinds, on all the connections. */
export function findObjects(
  reader: Reader,
  connections: readonly ConnectionView[],
  among: readonly Kind[],
  wanted: Wanted,
): Promise<Found[]> {
  const query = { fieldSelector: `metadata.name=${wanted.name}` };
  const looked = wanted.kind === undefined ? among : among.filter(({ kind }) => kind === wanted.kind?.kind);
  return onEach(connections, async (connection) => {
    const found = await listed(reader, connection, looked, wanted.namespace, query);
    return found.filter(({ name }) => name === wanted.name);
  });
}

/** All objects of the kinds outside the cluster's own namespaces, for options and near names. */
export function allObjects(
  reader: Reader,
  connections: readonly ConnectionView[],
  among: readonly Kind[],
  namespace: string | undefined,
): Promise<Found[]> {
  return onEach(connections, async (connection) => {
    const found = await listed(reader, connection, among, namespace, { limit: '500' });
    return found.filter((it) => namespace !== undefined || !it.namespace.startsWith('kube-'));
  });
}

/** The workloads that control the pods of this name, through their replica sets. */
export async function ownersOfPod(
  reader: Reader,
  connections: readonly ConnectionView[],
  wanted: Wanted,
): Promise<Found[]> {
  const pods = await findObjects(
    reader,
    connections,
    kinds.filter(({ kind }) => kind === 'Pod'),
    { ...wanted },
  );
  return onEach(pods, async ({ connection, kind, namespace, name }) => {
    const cluster = openCluster(reader, connection.id);
    const pod = await cluster.find(objectPath(kind, name, namespace));
    const owner = pod === undefined ? undefined : await ownerOf(cluster, pod, namespace);
    return owner === undefined ? [] : [{ connection, namespace, ...owner }];
  });
}

async function listed(
  reader: Reader,
  connection: ConnectionView,
  among: readonly Kind[],
  namespace: string | undefined,
  query: { [parameter: string]: string },
): Promise<Found[]> {
  if (namespace !== undefined && !isKubeName(namespace)) return [];
  const cluster = openCluster(reader, connection.id);
  return onEach(among, async (kind): Promise<Found[]> => {
    const items = await cluster.list(listPath(kind, namespace), query);
    return items.map(({ metadata }) => ({
      connection,
      kind,
      namespace: metadata?.namespace ?? '',
      name: metadata?.name ?? '',
    }));
  });
}

async function ownerOf(
  cluster: Cluster,
  pod: KubeObject,
  namespace: string,
): Promise<{ kind: Kind; name: string } | undefined> {
  let owner = controllerOf(pod);
  if (owner?.kind === 'ReplicaSet') {
    const { name } = owner;
    const set = await cluster.find(({ apps }) => apps.readNamespacedReplicaSet(name, namespace));
    owner = set === undefined ? undefined : controllerOf(set);
  }
  const kind = owner === undefined ? undefined : findKind(owner.kind);
  return kind === undefined || owner === undefined ? undefined : { kind, name: owner.name };
}

/** What makes an object again when it is deleted, if anything does. */
export function controllerOf({ metadata }: Pick<KubeObject, 'metadata'>) {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

async function onEach<Item, Result>(items: readonly Item[], look: (item: Item) => Promise<Result[]>) {
  return (await Promise.all(items.map(look))).flat();
}

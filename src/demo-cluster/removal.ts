import { type Cluster, timestamp } from './cluster.ts';
import { forbidden } from './failure.ts';
import { clone } from './json.ts';
import type { Resource } from './kinds/resource.ts';
import { checkPreconditions } from './registry.ts';
import { resourceOf } from './resources.ts';
import type { KubeObject, Pod } from './types.ts';

export interface DeleteOptions {
  dryRun?: boolean;
  gracePeriodSeconds?: number | undefined;
  propagationPolicy?: string | undefined;
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined } | undefined;
}

/**
 * Deletes an object, or marks it as being deleted when something has to end first: a pod with a grace
 * period, a namespace with content, finalizers, dependents of a foreground delete.
 */
export function deleteObject(
  cluster: Cluster,
  resource: Resource,
  live: KubeObject,
  options: DeleteOptions,
): { object: KubeObject; gone: boolean } {
  if (resource.key === 'namespaces' && keptNamespaces.includes(live.metadata.name)) {
    throw forbidden(resource, live.metadata.name, 'this namespace may not be deleted');
  }
  checkPreconditions(resource, live, options.preconditions ?? {});
  const next = clone(live);
  const finalizers = next.metadata.finalizers ?? [];
  const dependents = dependentsOf(cluster, live);
  if (
    options.propagationPolicy === 'Foreground' &&
    dependents.length > 0 &&
    !finalizers.includes(foreground)
  ) {
    finalizers.push(foreground);
    next.metadata.finalizers = finalizers;
  }
  if (options.propagationPolicy === 'Orphan' && !options.dryRun) orphan(cluster, dependents, live);
  const grace = graceSeconds(resource, live, options);
  const waits = finalizers.length > 0 || grace > 0 || resource.key === 'namespaces';
  if (!waits) return { object: options.dryRun ? next : cluster.store.remove(resource.key, live), gone: true };
  mark(next, live, grace);
  if (resource.key === 'namespaces') next.status = { ...(next.status as object), phase: 'Terminating' };
  return { object: options.dryRun ? next : cluster.store.put(resource.key, next), gone: false };
}

/** The cluster's own namespaces; the uid of kube-system is the identity of the cluster. */
const keptNamespaces = ['default', 'kube-system', 'kube-public'];

/** The finalizer that keeps an object until its dependents are gone. */
export const foreground = 'foregroundDeletion';

/** The objects that name this one as an owner, with their resource. */
export function dependentsOf(
  cluster: Cluster,
  owner: KubeObject,
): { resource: Resource; object: KubeObject }[] {
  return cluster.store.resources().flatMap((key) =>
    cluster.store
      .list(key, owner.metadata.namespace)
      .filter((object) => object.metadata.ownerReferences?.some((each) => each.uid === owner.metadata.uid))
      .map((object) => ({ resource: resourceOf(key), object })),
  );
}

function orphan(
  cluster: Cluster,
  dependents: { resource: Resource; object: KubeObject }[],
  owner: KubeObject,
): void {
  for (const { resource, object } of dependents) {
    const next = clone(object);
    const owners = (next.metadata.ownerReferences ?? []).filter((each) => each.uid !== owner.metadata.uid);
    if (owners.length > 0) next.metadata.ownerReferences = owners;
    else delete next.metadata.ownerReferences;
    cluster.store.put(resource.key, next);
  }
}

function graceSeconds(resource: Resource, live: KubeObject, options: DeleteOptions): number {
  if (resource.key !== 'pods') return 0;
  const { spec, status } = live as Pod;
  // A pod that never reached a node, or has ended, has nothing to wait for.
  if (spec.nodeName === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
}

function mark(next: KubeObject, live: KubeObject, grace: number): void {
  next.metadata.deletionTimestamp = live.metadata.deletionTimestamp ?? timestamp(Date.now() + grace * 1000);
  const before = live.metadata.deletionGracePeriodSeconds;
  next.metadata.deletionGracePeriodSeconds = before === undefined ? grace : Math.min(before, grace);
  if (next.metadata.generation !== undefined && before === undefined) next.metadata.generation += 1;
}

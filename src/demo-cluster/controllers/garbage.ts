import { clone } from '../json.ts';
import { deleteObject, dependentsOf, foreground } from '../removal.ts';
import { resourceOf } from '../resources.ts';
import type { KubeObject } from '../types.ts';
import type { Context } from './context.ts';

/** Deletes what lost its owners, and lets go of owners that waited for their dependents. */
export function collectGarbage({ cluster }: Context): void {
  const all = cluster.store
    .resources()
    .flatMap((key) => cluster.store.list(key).map((object) => ({ key, object })));
  const uids = new Set(all.map(({ object }) => object.metadata.uid));
  for (const { key, object } of all) {
    const owners = object.metadata.ownerReferences ?? [];
    const isLeft = owners.length > 0 && owners.every((owner) => !uids.has(owner.uid));
    if (isLeft && object.metadata.deletionTimestamp === undefined)
      deleteObject(cluster, resourceOf(key), object, {});
    if (object.metadata.finalizers?.includes(foreground)) releaseOwner(cluster, key, object);
  }
}

function releaseOwner(cluster: Context['cluster'], key: string, owner: KubeObject): void {
  const dependents = dependentsOf(cluster, owner);
  for (const { resource, object } of dependents) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    deleteObject(cluster, resource, object, { propagationPolicy: 'Foreground' });
  }
  if (dependents.length > 0) return;
  const next = clone(owner);
  next.metadata.finalizers = (next.metadata.finalizers ?? []).filter((each) => each !== foreground);
  if (next.metadata.finalizers.length > 0) cluster.store.put(key, next);
  else if (key === 'pods') cluster.store.put(key, next);
  else cluster.store.remove(key, next);
}

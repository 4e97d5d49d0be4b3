import { controllerName, createObject } from '../registry.ts';
import { deleteObject } from '../removal.ts';
import { resourceOf } from '../resources.ts';
import type { KubeObject } from '../types.ts';
import type { Context } from './context.ts';

/** Gives a new namespace its default ServiceAccount, and empties one that is being deleted. */
export function reconcileNamespace(context: Context, namespace: KubeObject): void {
  if (namespace.metadata.deletionTimestamp === undefined)
    ensureServiceAccount(context, namespace.metadata.name);
  else emptyNamespace(context, namespace);
}

function emptyNamespace(context: Context, namespace: KubeObject): void {
  const { store } = context.cluster;
  const { name } = namespace.metadata;
  const content = store
    .resources()
    .filter((key) => resourceOf(key).namespaced)
    .flatMap((key) => store.list(key, name).map((object) => ({ key, object })));
  for (const { key, object } of content) {
    if (object.metadata.deletionTimestamp === undefined)
      deleteObject(context.cluster, resourceOf(key), object, {});
  }
  const left = store
    .resources()
    .some((key) => resourceOf(key).namespaced && store.list(key, name).length > 0);
  if (!left) store.remove('namespaces', namespace);
}

function ensureServiceAccount({ cluster }: Context, namespace: string): void {
  if (cluster.store.get('serviceaccounts', namespace, 'default') !== undefined) return;
  const object = { metadata: { name: 'default', namespace } } as KubeObject;
  const writer = { manager: controllerName, operation: 'Update' } as const;
  createObject(cluster, resourceOf('serviceaccounts'), object, { writer });
}

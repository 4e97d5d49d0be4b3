import { randomUUID } from 'node:crypto';
import { type Cluster, timestamp } from './cluster.ts';
import { alreadyExists, conflict, forbidden, invalid, notFound, staleConflict } from './failure.ts';
import { clone, equal } from './json.ts';
import { randomSuffix, validateLabels, validateName } from './kinds/names.ts';
import { apiVersionOf, type Resource } from './kinds/resource.ts';
import { requiredValue } from './kinds/validate.ts';
import { ownedAfterUpdate, type Writer } from './patch/managed-fields.ts';
import { checkQuotas } from './quota.ts';
import type { KubeObject, ObjectMeta } from './types.ts';

export interface WriteOptions {
  writer: Writer;
  dryRun?: boolean;
  /** The managedFields are already in the object (server-side apply). */
  ownershipDone?: boolean;
}

/** Creates an object from a decoded body, or refuses it as the real server would. */
export function createObject(
  cluster: Cluster,
  resource: Resource,
  draft: KubeObject,
  options: WriteOptions,
): KubeObject {
  const object = clone(draft);
  if (resource.namespaced) checkNamespace(cluster, resource, object.metadata);
  const { generateName } = object.metadata;
  if (!object.metadata.name && generateName) object.metadata.name = generateName + randomSuffix();
  object.apiVersion = apiVersionOf(resource);
  object.kind = resource.kind;
  if (!object.metadata.name)
    throw invalid(resource, '', [requiredValue('metadata.name', 'name or generateName is required')]);
  object.metadata.uid = randomUUID();
  object.metadata.creationTimestamp = timestamp();
  for (const field of ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    delete object.metadata[field];
  }
  if (!options.ownershipDone) delete object.metadata.managedFields;
  if (resource.generation) object.metadata.generation = 1;
  else delete object.metadata.generation;
  if (resource.status && options.writer.manager !== controllerName) delete object.status;
  applyDefaults(resource, object);
  validateObject(resource, object, undefined);
  if (cluster.store.get(resource.key, object.metadata.namespace, object.metadata.name) !== undefined) {
    throw alreadyExists(resource, object.metadata.name);
  }
  checkQuotas(cluster, resource, object);
  if (!options.ownershipDone) own(resource, undefined, object, options.writer);
  return options.dryRun ? object : cluster.store.put(resource.key, object);
}

/** The name controllers write under. */
export const controllerName = 'kube-controller-manager';

/**
 * Replaces an object by its next state. What clients cannot change (uid, creation time, …) is kept; with the
 * subresource `status` only the status is taken, without it everything else. An update that changes nothing
 * writes nothing.
 */
export function updateObject(
  cluster: Cluster,
  resource: Resource,
  live: KubeObject,
  draft: KubeObject,
  options: WriteOptions,
): KubeObject {
  checkPreconditions(resource, live, draft.metadata);
  const next = withFixedParts(resource, live, draft, options.writer.subresource);
  const isStatus = options.writer.subresource === 'status';
  if (!isStatus) {
    applyDefaults(resource, next);
    validateObject(resource, next, live);
    if (resource.generation && !equal(specOf(live), specOf(next))) {
      next.metadata.generation = (live.metadata.generation ?? 1) + 1;
    }
  }
  if (!options.ownershipDone) own(resource, live, next, options.writer);
  if (equal(live, next)) return live;
  if (options.dryRun) return next;
  const isReleased =
    next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
  const waits = resource.key === 'pods' || resource.key === 'namespaces';
  return isReleased && !waits
    ? cluster.store.remove(resource.key, next)
    : cluster.store.put(resource.key, next);
}

/** Refuses a write whose expected uid or resourceVersion is no longer the present one. */
export function checkPreconditions(
  resource: Resource,
  live: KubeObject,
  expected: { uid?: string | undefined; resourceVersion?: string | undefined },
): void {
  const { name, uid, resourceVersion } = live.metadata;
  if (expected.uid && expected.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${uid}`;
    throw conflict(resource, name, why);
  }
  if (expected.resourceVersion && expected.resourceVersion !== resourceVersion)
    throw staleConflict(resource, name);
}

/** Fills in defaults; an object that lacks its spec is refused by the validation, not by the defaults. */
function applyDefaults(resource: Resource, object: KubeObject): void {
  const mayLackSpec = resource.key === 'namespaces' || resource.key === 'services';
  const needsSpec = Object.hasOwn(resource.schema.fields, 'spec') && !mayLackSpec;
  if (object.spec !== undefined || !needsSpec) resource.defaults?.(object);
}

function checkNamespace(cluster: Cluster, resource: Resource, metadata: ObjectMeta): void {
  const name = metadata.namespace ?? '';
  const namespace = cluster.store.get('namespaces', undefined, name);
  if (namespace === undefined) throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, name);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${name} because it is being terminated`;
  throw forbidden(resource, metadata.name, why);
}

function validateObject(resource: Resource, object: KubeObject, live: KubeObject | undefined): void {
  const causes = [
    ...(live === undefined ? validateName(object.metadata.name, resource.labelName === true) : []),
    ...validateLabels(object.metadata.labels),
    ...(resource.validate?.(object, live) ?? []),
  ];
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
}

function withFixedParts(
  resource: Resource,
  live: KubeObject,
  draft: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const { name, namespace, uid, creationTimestamp, generation, resourceVersion } = live.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, generateName } = live.metadata;
  const fixed = {
    ...{ name, namespace, uid, creationTimestamp, generation, resourceVersion },
    ...{ deletionTimestamp, deletionGracePeriodSeconds, generateName },
  };
  if (subresource === 'status') return clone({ ...live, status: draft.status });
  const next: KubeObject = clone({ ...draft, metadata: { ...draft.metadata, ...fixed } });
  next.metadata.managedFields ??= clone(live.metadata.managedFields);
  next.apiVersion = apiVersionOf(resource);
  next.kind = resource.kind;
  if (resource.status) {
    if (live.status === undefined) delete next.status;
    else next.status = clone(live.status);
  }
  return next;
}

function specOf(object: KubeObject): unknown {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

function own(resource: Resource, live: KubeObject | undefined, next: KubeObject, writer: Writer): void {
  const managedFields = ownedAfterUpdate(live, next, resource.schema, writer, timestamp());
  if (managedFields === undefined) delete next.metadata.managedFields;
  else next.metadata.managedFields = managedFields;
}

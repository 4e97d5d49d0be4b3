import type { Cluster } from '../cluster.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import { type DeleteOptions, deleteObject } from '../removal.ts';
import type { KubeObject } from '../types.ts';
import { parseJson } from './body.ts';
import { liveObject, objectFilter } from './read.ts';
import { type Answer, json, type ResourceRequest } from './request.ts';
import { renderList } from './table.ts';
import { isDryRun } from './write.ts';

/** DELETE of one object. */
export function remove(cluster: Cluster, request: ResourceRequest): Answer {
  const live = liveObject(cluster, request);
  const { object, gone } = deleteObject(cluster, request.resource, live, readOptions(request));
  if (gone && !request.resource.returnsDeleted) return json(success(request.resource, object));
  return json(object);
}

/** DELETE of a collection: everything the selectors match. */
export function removeCollection(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, namespace } = request;
  const options = readOptions(request);
  const matching = cluster.store.list(resource.key, namespace).filter(objectFilter(request));
  const removed = matching.map((live) => deleteObject(cluster, resource, live, options).object);
  const metadata = { resourceVersion: String(cluster.store.revision()) };
  return json(renderList(resource, removed, metadata, 'object', null));
}

/** POST of an eviction: deletes the pod; the demo cluster keeps no disruption budgets from being broken. */
export function evict(cluster: Cluster, request: ResourceRequest): Answer {
  const live = liveObject(cluster, request);
  const body = request.body === '' ? {} : parseJson(request.body, '');
  const options = isObject(body) && isObject(body.deleteOptions) ? fromBody(body.deleteOptions) : {};
  const dryRun = options.dryRun === true || isDryRun(request.query.getAll('dryRun'), 'CreateOptions');
  deleteObject(cluster, request.resource, live, { ...options, dryRun });
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

/** The options of a delete: a body replaces the query as a whole. */
function readOptions(request: ResourceRequest): DeleteOptions {
  if (request.body.trim() !== '') {
    const body = parseJson(request.body, "couldn't get version/kind; json parse error: ");
    return isObject(body) ? fromBody(body) : {};
  }
  const { query } = request;
  const grace = query.get('gracePeriodSeconds');
  return {
    dryRun: isDryRun(query.getAll('dryRun'), 'DeleteOptions'),
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
  };
}

function fromBody(body: JsonObject): DeleteOptions {
  const { gracePeriodSeconds, propagationPolicy, preconditions, orphanDependents } = body;
  const policy = orphanDependents === true ? 'Orphan' : propagationPolicy;
  return {
    dryRun: isDryRun(Array.isArray(body.dryRun) ? body.dryRun.map(String) : [], 'DeleteOptions'),
    gracePeriodSeconds: typeof gracePeriodSeconds === 'number' ? gracePeriodSeconds : undefined,
    propagationPolicy: typeof policy === 'string' ? policy : undefined,
    preconditions: isObject(preconditions) ? preconditions : undefined,
  };
}

function success(resource: Resource, object: KubeObject): unknown {
  const group = resource.group === '' ? {} : { group: resource.group };
  const details = { name: object.metadata.name, ...group, kind: resource.plural, uid: object.metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

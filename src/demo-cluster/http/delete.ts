import type { Cluster } from '../cluster.ts';
import { checkBudgets } from '../controllers/budget.ts';
import { badRequest, invalid } from '../failure.ts';
import { isObject } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import { type DeleteOptions, deleteObject } from '../removal.ts';
import { flag, integer, object, text, textList } from '../schema/schema.ts';
import type { KubeObject, Pod } from '../types.ts';
import { parseJson, readKind } from './body.ts';
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

/** POST of an eviction: deletes the pod where its disruption budget allows that now. */
export function evict(cluster: Cluster, request: ResourceRequest): Answer {
  const live = liveObject(cluster, request);
  const body = request.body === '' ? {} : parseJson(request.body, '');
  const options = isObject(body) && body.deleteOptions !== undefined ? fromBody(body.deleteOptions) : {};
  const dryRun = options.dryRun === true || isDryRun(request.query.getAll('dryRun'), 'CreateOptions');
  checkBudgets(cluster, live as Pod);
  deleteObject(cluster, request.resource, live, { ...options, dryRun });
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

/** The options of a delete: a body replaces the query as a whole. */
function readOptions(request: ResourceRequest): DeleteOptions {
  if (request.body.trim() !== '') {
    return fromBody(parseJson(request.body, "couldn't get version/kind; json parse error: "));
  }
  const { query } = request;
  const grace = query.get('gracePeriodSeconds');
  if (grace !== null && !/^\d+$/.test(grace))
    throw badRequest(`gracePeriodSeconds: Invalid value: "${grace}"`);
  return {
    dryRun: isDryRun(query.getAll('dryRun'), 'DeleteOptions'),
    gracePeriodSeconds: grace === null ? undefined : Number(grace),
    propagationPolicy: policyOf(query.get('propagationPolicy') ?? undefined),
  };
}

const optionsSchema = object({
  apiVersion: text,
  kind: text,
  gracePeriodSeconds: integer,
  preconditions: object({ uid: text, resourceVersion: text }),
  orphanDependents: flag,
  propagationPolicy: text,
  dryRun: textList,
});

interface OptionsBody {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  preconditions?: { uid?: string; resourceVersion?: string };
  orphanDependents?: boolean;
  dryRun?: string[];
}

/** Options that cannot be read are refused: a dry run that is not understood must not delete. */
function fromBody(body: unknown): DeleteOptions {
  const options = readKind(body, 'DeleteOptions', optionsSchema) as OptionsBody;
  const { gracePeriodSeconds, propagationPolicy, preconditions, orphanDependents, dryRun } = options;
  return {
    dryRun: isDryRun(dryRun ?? [], 'DeleteOptions'),
    gracePeriodSeconds,
    propagationPolicy: orphanDependents === true ? 'Orphan' : policyOf(propagationPolicy),
    preconditions,
  };
}

function policyOf(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || policies.includes(value)) return value;
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${policies.map((each) => `"${each}"`).join(', ')}`;
  const named = { group: 'meta.k8s.io', plural: 'options', kind: 'DeleteOptions' };
  throw invalid(named, '', [{ reason: 'FieldValueNotSupported', message, field: 'propagationPolicy' }]);
}

const policies = ['Background', 'Foreground', 'Orphan'];

function success(resource: Resource, object: KubeObject): unknown {
  const group = resource.group === '' ? {} : { group: resource.group };
  const details = { name: object.metadata.name, ...group, kind: resource.plural, uid: object.metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

import type { Cluster } from '../cluster.ts';
import { badRequest, expired, notFound, tooLarge } from '../failure.ts';
import { parseFieldSelector, parseLabelSelector } from '../selector.ts';
import { keyOf } from '../store/store.ts';
import type { KubeObject } from '../types.ts';
import { type Answer, json, type ResourceRequest } from './request.ts';
import { formOf, renderList, renderOne } from './table.ts';

/** The object a request names, or 404. */
export function liveObject(cluster: Cluster, request: ResourceRequest): KubeObject {
  const { resource, namespace, name = '' } = request;
  const live = cluster.store.get(resource.key, namespace, name);
  if (live === undefined) throw notFound(resource, name);
  return live;
}

export function getObject(cluster: Cluster, request: ResourceRequest): Answer {
  const live = liveObject(cluster, request);
  const form = formOf(request.headers.accept);
  return json(renderOne(request.resource, live, form, request.query.get('includeObject')));
}

export function listObjects(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, query } = request;
  const token = readToken(query.get('continue'));
  const revision = token?.revision ?? wantedRevision(cluster, query);
  const all = cluster.store.listAt(resource.key, request.namespace, revision);
  if (all === undefined) {
    const what =
      token === undefined ? 'resourceVersion for the provided list' : 'provided continue parameter';
    throw expired(`The ${what} is too old.`);
  }
  const matching = all
    .filter(objectFilter(request))
    .filter((object) => token === undefined || keyOf(object) > token.after);
  const limit = Number(query.get('limit') ?? 0);
  const page = limit > 0 ? matching.slice(0, limit) : matching;
  const remaining = matching.length - page.length;
  const last = page.at(-1);
  const metadata = {
    resourceVersion: String(revision),
    ...(remaining > 0 && last !== undefined ? { continue: writeToken(revision, keyOf(last)) } : {}),
    ...(remaining > 0 ? { remainingItemCount: remaining } : {}),
  };
  return json(
    renderList(resource, page, metadata, formOf(request.headers.accept), query.get('includeObject')),
  );
}

/** The test of the selectors in a query. */
export function objectFilter({ resource, query, name }: ResourceRequest): (object: KubeObject) => boolean {
  const labels = query.get('labelSelector');
  const fields = query.get('fieldSelector');
  const byLabel = labels === null || labels === '' ? undefined : parseLabelSelector(labels);
  const selectable = ['metadata.name', 'metadata.namespace', ...resource.selectableFields];
  const byField = fields === null || fields === '' ? undefined : parseFieldSelector(fields, selectable);
  return (object) =>
    (name === undefined || object.metadata.name === name) &&
    (byLabel === undefined || byLabel(object.metadata.labels ?? {})) &&
    (byField === undefined || byField(object));
}

function wantedRevision(cluster: Cluster, query: URLSearchParams): number {
  const present = cluster.store.revision();
  const wanted = query.get('resourceVersion');
  if (wanted === null || wanted === '' || wanted === '0') return present;
  if (!/^\d+$/.test(wanted))
    throw badRequest(`resourceVersion: Invalid value: "${wanted}": strconv.ParseUint: invalid syntax`);
  if (Number(wanted) > present) throw tooLarge(wanted, present);
  if (query.get('resourceVersionMatch') !== 'Exact') return present;
  return Number(wanted);
}

interface Token {
  revision: number;
  after: string;
}

function writeToken(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ revision, after })).toString('base64url');
}

function readToken(token: string | null): Token | undefined {
  if (token === null || token === '') return undefined;
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Token;
  } catch {
    throw badRequest('continue key is not valid');
  }
}

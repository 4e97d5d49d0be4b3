import type { Cluster } from '../cluster.ts';
import { methodNotAllowed, notFound, unsupported } from '../failure.ts';
import { evict, remove, removeCollection } from './delete.ts';
import { partsOf } from './discovery.ts';
import { podLog } from './log.ts';
import { getObject, listObjects } from './read.ts';
import type { Answer, ResourceRequest } from './request.ts';
import { scale } from './scale.ts';
import { requestToken } from './service-account-token.ts';
import { watchObjects } from './watch.ts';
import { create, patch, update } from './write.ts';

/** The verb of a request, as access rules name it. */
export function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  if (method === 'POST') return 'create';
  if (method === 'PUT') return 'update';
  if (method === 'PATCH') return 'patch';
  if (method === 'DELETE') return name === undefined ? 'deletecollection' : 'delete';
  if (isWatch(query)) return 'watch';
  return name === undefined ? 'list' : 'get';
}

/** Answers a request for objects. */
export function answerResource(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, namespace, name, subresource, method } = request;
  if (subresource !== undefined) return answerSubresource(cluster, request, subresource);
  // Objects of every namespace can be listed and watched, not written.
  const isEverywhere = resource.namespaced && namespace === undefined;
  if (method === 'GET') {
    if (isWatch(request.query)) return watchObjects(cluster, request);
    return name === undefined ? listObjects(cluster, request) : getObject(cluster, request);
  }
  if (isEverywhere) throw methodNotAllowed();
  if (name === undefined) {
    if (method === 'POST') return create(cluster, request);
    if (method === 'DELETE' && resource.key !== 'namespaces') return removeCollection(cluster, request);
    throw methodNotAllowed();
  }
  if (method === 'PUT') return update(cluster, request);
  if (method === 'PATCH') return patch(cluster, request);
  if (method === 'DELETE') return remove(cluster, request);
  throw methodNotAllowed();
}

function answerSubresource(cluster: Cluster, request: ResourceRequest, subresource: string): Answer {
  const { resource, method } = request;
  const isKnown = partsOf(resource).some((part) => part.name === subresource);
  if (!isKnown) {
    const isReal = ['exec', 'attach', 'portforward', 'proxy', 'binding', 'ephemeralcontainers', 'resize'];
    if (isReal.includes(subresource)) throw unsupported(`${resource.plural}/${subresource}`);
    throw notFound({ group: '', plural: `${resource.plural}/${subresource}`, kind: '' }, request.name ?? '');
  }
  if (subresource === 'scale') return scale(cluster, request);
  if (subresource === 'log' && method === 'GET') return podLog(cluster, request);
  if (subresource === 'eviction' && method === 'POST') return evict(cluster, request);
  if (subresource === 'token' && method === 'POST') return requestToken(cluster, request);
  if (subresource === 'finalize' && method === 'PUT')
    return update(cluster, { ...request, subresource: undefined });
  if (subresource !== 'status') throw methodNotAllowed();
  if (method === 'GET') return getObject(cluster, request);
  if (method === 'PUT') return update(cluster, request);
  return patch(cluster, request);
}

function isWatch(query: URLSearchParams): boolean {
  return ['true', '1'].includes(query.get('watch') ?? '');
}

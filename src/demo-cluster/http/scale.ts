import type { Cluster } from '../cluster.ts';
import { conflict, invalid, methodNotAllowed } from '../failure.ts';
import { clone } from '../json.ts';
import { notNegative } from '../kinds/validate.ts';
import { updateObject } from '../registry.ts';
import { scaleSchema } from '../schema/others.ts';
import { selectorText } from '../selector.ts';
import type { ReplicaSet } from '../types.ts';
import { parseJson, readKind, requireJson } from './body.ts';
import { liveObject } from './read.ts';
import { type Answer, json, type ResourceRequest } from './request.ts';
import { applyPatch, readDryRun, updater } from './write.ts';

/** GET, PUT and PATCH of the subresource `scale`. */
export function scale(cluster: Cluster, request: ResourceRequest): Answer {
  const live = liveObject(cluster, request) as ReplicaSet;
  if (request.method === 'GET') return json(scaleOf(live));
  const wanted = readWanted(request, live);
  const replicas = wanted.spec?.replicas ?? 0;
  const causes: Parameters<typeof notNegative>[0] = [];
  notNegative(causes, 'spec.replicas', replicas);
  const named = { group: 'autoscaling', plural: 'scales', kind: 'Scale' };
  if (causes.length > 0) throw invalid(named, live.metadata.name, causes);
  const { uid, resourceVersion } = wanted.metadata ?? {};
  if (uid !== undefined && uid !== live.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
    throw conflict(request.resource, live.metadata.name, why);
  }
  const next = clone(live);
  next.spec.replicas = replicas;
  if (resourceVersion !== undefined) next.metadata.resourceVersion = resourceVersion;
  const dryRun = readDryRun(request, request.method === 'PATCH' ? 'PatchOptions' : 'UpdateOptions');
  const updated = updateObject(cluster, request.resource, live, next, { writer: updater(request), dryRun });
  return json(scaleOf(updated as ReplicaSet));
}

interface Wanted {
  metadata?: { uid?: string; resourceVersion?: string };
  spec?: { replicas?: number };
}

function readWanted(request: ResourceRequest, live: ReplicaSet): Wanted {
  if (request.method === 'PATCH') {
    return readKind(applyPatch(request, scaleOf(live), scaleSchema), 'Scale', scaleSchema) as Wanted;
  }
  if (request.method !== 'PUT') throw methodNotAllowed();
  requireJson(request);
  const body = parseJson(request.body, "couldn't get version/kind; json parse error: ");
  return readKind(body, 'Scale', scaleSchema) as Wanted;
}

function scaleOf(object: ReplicaSet): unknown {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: object.spec.replicas },
    status: { replicas: object.status?.replicas ?? 0, selector: selectorText(object.spec.selector) },
  };
}

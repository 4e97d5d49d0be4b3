import { type Cluster, timestamp } from '../cluster.ts';
import { clone } from '../json.ts';
import { controllerName, createObject, updateObject } from '../registry.ts';
import { resourceOf } from '../resources.ts';
import type { Condition, KubeObject, OwnerReference } from '../types.ts';
import { type EventRecorder, makeEventRecorder } from './events.ts';
import type { Loop } from './loop.ts';

/** What a controller works with. */
export interface Context {
  cluster: Cluster;
  loop: Loop;
  events: EventRecorder;
  /** By uid: how far each unfinished rollout is and when it last moved. After a restart deadlines start anew. */
  progress: Map<string, { text: string; at: number }>;
  /** By uid: how far each unfinished pod is. After a restart the present stage starts anew. */
  stages: Map<string, { stage: string; at: number; tries: number }>;
}

export function makeContext(cluster: Cluster, loop: Loop): Context {
  return { cluster, loop, events: makeEventRecorder(cluster), progress: new Map(), stages: new Map() };
}

/** The key a controller handles an object under. */
export function workKey(resource: string, object: KubeObject): string {
  return `${resource}|${object.metadata.namespace ?? ''}|${object.metadata.name}`;
}

/** Changes an object's metadata or spec. */
export function changeObject<Kind extends KubeObject>(
  { cluster }: Context,
  resource: string,
  live: Kind,
  change: (draft: Kind) => void,
): Kind {
  const draft = clone(live);
  change(draft);
  const writer = { manager: controllerName, operation: 'Update' } as const;
  return updateObject(cluster, resourceOf(resource), live, draft, { writer }) as Kind;
}

/** Changes an object's status; writes nothing when it stays the same. */
export function changeStatus<Kind extends KubeObject>(
  { cluster }: Context,
  resource: string,
  live: Kind,
  status: unknown,
  manager = controllerName,
): Kind {
  const writer = { manager, operation: 'Update', subresource: 'status' } as const;
  return updateObject(cluster, resourceOf(resource), live, { ...live, status }, { writer }) as Kind;
}

/** Creates an object in the name of its owner. */
export function createOwned(
  { cluster }: Context,
  resource: string,
  owner: KubeObject,
  object: { metadata: Partial<KubeObject['metadata']>; [field: string]: unknown },
): KubeObject {
  const metadata = {
    namespace: owner.metadata.namespace,
    ...object.metadata,
    ownerReferences: [ownerReference(owner)],
  };
  const writer = { manager: controllerName, operation: 'Update' } as const;
  return createObject(cluster, resourceOf(resource), { ...object, metadata } as KubeObject, { writer });
}

function ownerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The objects whose controller is the owner. */
export function ownedBy<Kind extends KubeObject>(
  { cluster }: Context,
  resource: string,
  owner: KubeObject,
): Kind[] {
  const all = cluster.store.list(resource, owner.metadata.namespace);
  return all.filter((object) => controllerOf(object)?.uid === owner.metadata.uid) as Kind[];
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** The conditions with one of them set; its transition time moves only when its status does. */
export function withCondition(
  conditions: Condition[] | undefined,
  next: Condition,
  stampsUpdates = false,
): Condition[] {
  const list = conditions ?? [];
  const before = list.find((each) => each.type === next.type);
  const isSame =
    before?.status === next.status && before.reason === next.reason && before.message === next.message;
  if (isSame) return list;
  const now = timestamp();
  const lastTransitionTime = before?.status === next.status ? (before.lastTransitionTime ?? now) : now;
  const stamped = { ...next, ...(stampsUpdates ? { lastUpdateTime: now } : {}), lastTransitionTime };
  return before === undefined ? [...list, stamped] : list.map((each) => (each === before ? stamped : each));
}

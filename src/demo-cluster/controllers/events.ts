import { randomUUID } from 'node:crypto';
import { type Cluster, timestamp } from '../cluster.ts';
import { hash } from '../kinds/defaults.ts';
import type { KubeObject } from '../types.ts';

export type EventRecorder = (
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  source: { component: string; host?: string | undefined },
  fieldPath?: string,
) => void;

const mostEvents = 500;

/** Records what happens to objects: the same happening again is counted, and only the newest are kept. */
export function makeEventRecorder(cluster: Cluster): EventRecorder {
  return (object, type, reason, message, source, fieldPath) => {
    const { name, namespace = 'default', uid, resourceVersion } = object.metadata;
    const eventName = `${name}.${hash([uid, type, reason, message, fieldPath].join('|')).toString(16).padStart(8, '0')}`;
    const now = timestamp();
    const before = cluster.store.get('events', namespace, eventName);
    if (before !== undefined) {
      cluster.store.put('events', { ...before, count: Number(before.count) + 1, lastTimestamp: now });
      return;
    }
    const involved = {
      kind: object.kind,
      namespace: object.metadata.namespace,
      name,
      uid,
      apiVersion: object.apiVersion,
    };
    cluster.store.put('events', {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name: eventName, namespace, uid: randomUUID(), creationTimestamp: now },
      involvedObject: { ...involved, resourceVersion, ...(fieldPath === undefined ? {} : { fieldPath }) },
      ...{ reason, message, source, firstTimestamp: now, lastTimestamp: now, count: 1, type },
      ...{ eventTime: null, reportingComponent: source.component, reportingInstance: source.host ?? '' },
    });
    dropOldest(cluster);
  };
}

function dropOldest(cluster: Cluster): void {
  const events = cluster.store.list('events');
  if (events.length <= mostEvents) return;
  const revision = (event: KubeObject) => Number(event.metadata.resourceVersion);
  const oldest = events.reduce((left, right) => (revision(left) < revision(right) ? left : right));
  cluster.store.remove('events', oldest);
}

import { equal } from '../json.ts';
import { deleteObject } from '../removal.ts';
import { resourceOf } from '../resources.ts';
import { matchesSelector } from '../selector.ts';
import type { KubeObject, Pod, ReplicaSet } from '../types.ts';
import {
  type Context,
  changeObject,
  changeStatus,
  controllerOf,
  createOwned,
  ownedBy,
  workKey,
} from './context.ts';

const key = 'replicasets.apps';
const source = { component: 'replicaset-controller' };

/** Keeps as many pods as the ReplicaSet asks for, and counts them in its status. */
export function reconcileReplicaSet(context: Context, object: KubeObject): void {
  const set = object as ReplicaSet;
  const pods = activePods(context, set);
  if (set.metadata.deletionTimestamp === undefined) {
    const missing = set.spec.replicas - pods.length;
    for (let count = 0; count < missing; count += 1) createPod(context, set);
    if (missing < 0) for (const pod of leastNeeded(pods).slice(0, -missing)) removePod(context, set, pod);
  }
  writeStatus(context, set, activePods(context, set));
}

/** Whether the pod is ready, and since when (milliseconds). */
export function readySince(pod: Pod): number | undefined {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready');
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') : undefined;
}

function activePods(context: Context, set: ReplicaSet): Pod[] {
  adopt(context, set);
  return ownedBy<Pod>(context, 'pods', set).filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      pod.status?.phase !== 'Succeeded' &&
      pod.status?.phase !== 'Failed',
  );
}

/** Takes over pods that match and that nobody controls, as after an orphaning delete. */
function adopt(context: Context, set: ReplicaSet): void {
  for (const pod of context.cluster.store.list('pods', set.metadata.namespace)) {
    if (controllerOf(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    if (!matchesSelector(set.spec.selector, pod.metadata.labels)) continue;
    const { apiVersion, kind, metadata } = set;
    const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid };
    changeObject(context, 'pods', pod, (draft) => {
      draft.metadata.ownerReferences = [{ ...reference, controller: true, blockOwnerDeletion: true }];
    });
  }
}

function createPod(context: Context, set: ReplicaSet): void {
  const { metadata, spec } = set.spec.template;
  const { labels, annotations } = metadata ?? {};
  const generateName = `${set.metadata.name}-`;
  const pod = createOwned(context, 'pods', set, { metadata: { generateName, labels, annotations }, spec });
  context.events(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, source);
}

function removePod(context: Context, set: ReplicaSet, pod: Pod): void {
  deleteObject(context.cluster, resourceOf('pods'), pod, {});
  context.events(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, source);
}

/** Pods in the order they are given up: not ready before ready, young before old. */
function leastNeeded(pods: Pod[]): Pod[] {
  const rank = (pod: Pod) => (readySince(pod) === undefined ? 0 : 1);
  const revision = (pod: Pod) => Date.parse(pod.metadata.creationTimestamp);
  return [...pods].sort((left, right) => rank(left) - rank(right) || revision(right) - revision(left));
}

function writeStatus(context: Context, set: ReplicaSet, pods: Pod[]): void {
  const live = context.cluster.store.get(key, set.metadata.namespace, set.metadata.name) as
    | ReplicaSet
    | undefined;
  if (live === undefined) return;
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  const ready = pods.map(readySince).filter((since) => since !== undefined);
  const pending = ready
    .map((since) => since + minReadyMs - Date.now())
    .filter((left) => minReadyMs > 0 && left > 0);
  if (pending.length > 0) context.loop.wake(workKey(key, set), Math.min(...pending));
  const available = ready.length - pending.length;
  const status = {
    replicas: pods.length,
    ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    observedGeneration: live.metadata.generation,
  };
  if (!equal(live.status, status)) changeStatus(context, key, live, status);
}

import { timestamp } from '../cluster.ts';
import { imageBehaviour } from '../images.ts';
import { hash } from '../kinds/defaults.ts';
import type { KubeObject, Pod } from '../types.ts';
import { runContainers } from './containers.ts';
import { type Context, changeObject, changeStatus, withCondition, workKey } from './context.ts';
import { basePodStatus } from './pod-status.ts';

const scheduler = { component: 'default-scheduler' };

/** Moves a pod one step through its life: scheduled, started, ready; or ending, gone. */
export function reconcilePod(context: Context, object: KubeObject): void {
  const pod = object as Pod;
  if (pod.metadata.deletionTimestamp !== undefined) endPod(context, pod);
  else if (pod.spec.nodeName === undefined) schedule(context, pod);
  else if (runsOutside(pod)) context.stages.delete(pod.metadata.uid);
  else if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') runContainers(context, pod);
}

/** Since when a pod is in a stage; entering the stage starts its clock. */
export function stageSince(context: Context, pod: Pod, stage: string): number {
  const known = context.stages.get(pod.metadata.uid);
  if (known?.stage === stage) return known.at;
  const at = Date.now();
  context.stages.set(pod.metadata.uid, { stage, at, tries: known?.tries ?? 0 });
  return at;
}

function endPod(context: Context, pod: Pod): void {
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
  const isFirst = context.stages.get(pod.metadata.uid)?.stage !== 'ending';
  const left =
    stageSince(context, pod, 'ending') + Math.min(graceMs, context.cluster.timing.terminationMs) - Date.now();
  const isHeld = (pod.metadata.finalizers ?? []).length > 0;
  if (left > 0 || isHeld) {
    if (isFirst) tellKilling(context, pod);
    if (left > 0) context.loop.wake(workKey('pods', pod), left);
    return;
  }
  // Its own kubelet says when it has ended, by deleting it without a grace period.
  if (runsOutside(pod) && graceMs > 0) return;
  context.stages.delete(pod.metadata.uid);
  context.cluster.store.remove('pods', pod);
}

function runsOutside({ spec }: Pod): boolean {
  return spec.containers.some(({ image }) => imageBehaviour(image) === 'outside');
}

function tellKilling(context: Context, pod: Pod): void {
  const source = { component: 'kubelet', host: pod.spec.nodeName };
  for (const { name } of pod.spec.containers) {
    const place = `spec.containers{${name}}`;
    context.events(pod, 'Normal', 'Killing', `Stopping container ${name}`, source, place);
  }
}

function schedule(context: Context, pod: Pod): void {
  const { store } = context.cluster;
  const nodes = store
    .list('nodes')
    .filter((node) => (node.spec as { unschedulable?: boolean } | undefined)?.unschedulable !== true);
  const counts = new Map<string, number>();
  for (const other of store.list('pods') as Pod[]) {
    const name = other.spec.nodeName;
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const byLoad = nodes.sort(
    (left, right) => (counts.get(left.metadata.name) ?? 0) - (counts.get(right.metadata.name) ?? 0),
  );
  const node = byLoad[0];
  if (node === undefined) tellUnschedulable(context, pod);
  else place(context, pod, node);
}

function place(context: Context, pod: Pod, node: KubeObject): void {
  const name = node.metadata.name;
  const placed = changeObject(context, 'pods', pod, (draft) => {
    draft.spec.nodeName = name;
  });
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${name}`;
  context.events(pod, 'Normal', 'Scheduled', message, scheduler);
  const number = 1 + (hash(name) % 200);
  const status = {
    ...basePodStatus(placed),
    hostIP: `172.18.0.${number}`,
    hostIPs: [{ ip: `172.18.0.${number}` }],
  };
  changeStatus(context, 'pods', placed, { ...status, startTime: timestamp() }, 'kubelet');
}

function tellUnschedulable(context: Context, pod: Pod): void {
  const count = context.cluster.store.list('nodes').length;
  const message = `0/${count} nodes are available: ${count} node(s) were unschedulable.`;
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
  const conditions = withCondition(pod.status?.conditions, condition);
  if (conditions === pod.status?.conditions) return;
  context.events(pod, 'Warning', 'FailedScheduling', message, scheduler);
  changeStatus(context, 'pods', pod, { phase: 'Pending', ...pod.status, conditions }, 'kube-scheduler');
}

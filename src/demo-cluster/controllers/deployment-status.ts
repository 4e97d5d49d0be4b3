import { equal } from '../json.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../types.ts';
import { type Context, changeStatus, ownedBy, withCondition, workKey } from './context.ts';
import { bounds } from './rollout.ts';

const key = 'deployments.apps';

/** Counts a Deployment's pods and says how its rollout goes. */
export function writeDeploymentStatus(
  context: Context,
  deployment: Deployment,
  current: ReplicaSet | undefined,
): void {
  const { name, namespace } = deployment.metadata;
  const live = context.cluster.store.get(key, namespace, name) as Deployment | undefined;
  if (live === undefined) return;
  const sets = ownedBy<ReplicaSet>(context, 'replicasets.apps', deployment);
  const counts = countPods(
    live,
    sets,
    sets.find((set) => set.metadata.uid === current?.metadata.uid),
  );
  const conditions = progressConditions(context, live, counts, current);
  const status = { observedGeneration: live.metadata.generation, ...counts, conditions };
  if (!equal(live.status, status)) changeStatus(context, key, live, status);
}

type Counts = Pick<
  DeploymentStatus,
  'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas' | 'unavailableReplicas'
>;

function countPods(deployment: Deployment, sets: ReplicaSet[], current: ReplicaSet | undefined): Counts {
  const total = (count: (set: ReplicaSet) => number | undefined) =>
    sets.reduce((sum, set) => sum + (count(set) ?? 0), 0) || undefined;
  const replicas = total((set) => set.status?.replicas);
  const availableReplicas = total((set) => set.status?.availableReplicas);
  const desired = Math.max(
    deployment.spec.replicas,
    sets.reduce((sum, set) => sum + set.spec.replicas, 0),
  );
  return {
    replicas,
    updatedReplicas: current?.status?.replicas || undefined,
    readyReplicas: total((set) => set.status?.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, desired - (availableReplicas ?? 0)) || undefined,
  };
}

function progressConditions(
  context: Context,
  deployment: Deployment,
  counts: Counts,
  current: ReplicaSet | undefined,
): Condition[] {
  const minimum = deployment.spec.replicas - bounds(deployment).unavailable;
  const isAvailable = (counts.availableReplicas ?? 0) >= minimum;
  const available: Condition = {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: isAvailable
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  };
  const conditions = withCondition(deployment.status?.conditions, available, true);
  const progress = progressing(context, deployment, counts, current);
  return progress === undefined ? conditions : withCondition(conditions, progress, true);
}

/** The condition Progressing; undefined when it stays as it is. */
function progressing(
  context: Context,
  deployment: Deployment,
  counts: Counts,
  current: ReplicaSet | undefined,
): Condition | undefined {
  const before = deployment.status?.conditions?.find((each) => each.type === 'Progressing');
  const say = (status: 'True' | 'False' | 'Unknown', reason: string, message: string) =>
    ({ type: 'Progressing', status, reason, message }) satisfies Condition;
  if (deployment.spec.paused === true) return say('Unknown', 'DeploymentPaused', 'Deployment is paused');
  if (current === undefined) return undefined;
  const set = `ReplicaSet "${current.metadata.name}"`;
  if (isComplete(context, deployment, counts)) {
    return say('True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`);
  }
  // Once a rollout is over, pods that come and go later (scaling, a lost node) do not reopen it.
  const isOver =
    before?.reason === 'NewReplicaSetAvailable' && before.message?.startsWith(`${set} `) === true;
  if (isOver && (counts.replicas ?? 0) === (counts.updatedReplicas ?? 0)) return undefined;
  const progress = progressText(deployment, counts);
  const known = context.progress.get(deployment.metadata.uid);
  const isExceeded = before?.reason === 'ProgressDeadlineExceeded';
  // After a restart a rollout that had already timed out stays so until its template changes.
  if (
    known === undefined &&
    isExceeded &&
    deployment.status?.observedGeneration === deployment.metadata.generation
  ) {
    return undefined;
  }
  const isNew = known?.text !== progress;
  const at = isNew ? Date.now() : known.at;
  context.progress.set(deployment.metadata.uid, { text: progress, at });
  const left = at + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000 - Date.now();
  if (left <= 0) return say('False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`);
  context.loop.wake(workKey(key, deployment), left + 1);
  if (isExceeded && !isNew) return undefined;
  return say('True', 'ReplicaSetUpdated', `${set} is progressing.`);
}

function progressText(deployment: Deployment, counts: Counts): string {
  const { updatedReplicas, readyReplicas, availableReplicas, replicas } = counts;
  return [deployment.metadata.generation, updatedReplicas, readyReplicas, availableReplicas, replicas].join(
    '/',
  );
}

function isComplete(context: Context, deployment: Deployment, counts: Counts): boolean {
  const wanted = deployment.spec.replicas;
  const isDone =
    (counts.updatedReplicas ?? 0) === wanted &&
    (counts.replicas ?? 0) === wanted &&
    (counts.availableReplicas ?? 0) === wanted;
  if (isDone) context.progress.delete(deployment.metadata.uid);
  return isDone;
}

import type { Deployment, Pod, ReplicaSet } from '../types.ts';
import { type Context, changeObject, ownedBy } from './context.ts';

const source = { component: 'deployment-controller' };

/** One step of a rolling update: never more pods than allowed, never fewer available than promised. */
export function rollOver(
  context: Context,
  deployment: Deployment,
  current: ReplicaSet,
  others: ReplicaSet[],
): void {
  const { surge, unavailable } = bounds(deployment);
  const wanted = deployment.spec.replicas;
  const all = [current, ...others];
  let newSize = current.spec.replicas;
  if (newSize > wanted) newSize = wanted;
  else newSize += Math.max(0, Math.min(wanted + surge - sum(all, size), wanted - newSize));
  scaleSet(context, deployment, current, newSize);
  shrinkOthers(
    context,
    deployment,
    { ...current, spec: { ...current.spec, replicas: newSize } },
    others,
    wanted - unavailable,
  );
}

/** One step of a recreating update: the new pods start when the last old one is gone. */
export function recreate(
  context: Context,
  deployment: Deployment,
  current: ReplicaSet,
  others: ReplicaSet[],
): void {
  for (const set of others) scaleSet(context, deployment, set, 0);
  const oldPods = others.flatMap((set) => ownedBy<Pod>(context, 'pods', set));
  if (oldPods.length === 0) scaleSet(context, deployment, current, deployment.spec.replicas);
}

/** Sets the size of a ReplicaSet and says so in an event. */
export function scaleSet(context: Context, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const before = set.spec.replicas;
  const { surge } = bounds(deployment);
  changeObject(context, 'replicasets.apps', set, (draft) => {
    draft.spec.replicas = replicas;
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
      'deployment.kubernetes.io/max-replicas': String(deployment.spec.replicas + surge),
    };
  });
  if (before === replicas) return;
  const direction = replicas > before ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  context.events(deployment, 'Normal', 'ScalingReplicaSet', message, source);
}

/** maxSurge and maxUnavailable as numbers of pods. */
export function bounds(deployment: Deployment): { surge: number; unavailable: number } {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === 'Recreate') return { surge: 0, unavailable: replicas };
  const surge = share(strategy.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const unavailable = share(strategy.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  // Both zero would never move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

/** Takes old pods away: first those that do not work anyway, then as many as availability allows. */
function shrinkOthers(
  context: Context,
  deployment: Deployment,
  current: ReplicaSet,
  others: ReplicaSet[],
  minAvailable: number,
): void {
  const all = [current, ...others];
  const newUnavailable = current.spec.replicas - available(current);
  let removable = sum(all, size) - minAvailable - newUnavailable;
  const targets = new Map(others.map((set) => [set, set.spec.replicas]));
  for (const set of others) {
    const broken = Math.min(Math.max(0, removable), Math.max(0, set.spec.replicas - available(set)));
    targets.set(set, set.spec.replicas - broken);
    removable -= broken;
  }
  let spare = Math.min(Math.max(0, removable), sum(all, available) - minAvailable);
  for (const set of others) {
    const left = targets.get(set) ?? 0;
    const taken = Math.max(0, Math.min(spare, left));
    spare -= taken;
    if (left - taken !== set.spec.replicas || set.spec.replicas > 0)
      scaleSet(context, deployment, set, left - taken);
  }
}

/** A number of pods that is given as such, or as a percentage of all. */
export function share(value: number | string, replicas: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * replicas) / 100) : Number(value);
}

function size(set: ReplicaSet): number {
  return set.spec.replicas;
}

function available(set: ReplicaSet): number {
  return set.status?.availableReplicas ?? 0;
}

function sum(sets: ReplicaSet[], count: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

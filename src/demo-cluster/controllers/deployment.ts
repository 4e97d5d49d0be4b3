import { clone, equal, stableText } from '../json.ts';
import { hash } from '../kinds/defaults.ts';
import { safeText } from '../kinds/names.ts';
import { deleteObject } from '../removal.ts';
import { resourceOf } from '../resources.ts';
import type { Deployment, KubeObject, PodTemplate, ReplicaSet } from '../types.ts';
import { type Context, changeObject, createOwned, ownedBy } from './context.ts';
import { writeDeploymentStatus } from './deployment-status.ts';
import { recreate, rollOver, scaleSet } from './rollout.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const sizeAnnotations = [
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const notCopied = [revisionAnnotation, historyAnnotation, lastApplied, ...sizeAnnotations];
const key = 'deployments.apps';
const hashLabel = 'pod-template-hash';

/** Moves a Deployment one step towards its template, by way of its ReplicaSets. */
export function reconcileDeployment(context: Context, object: KubeObject): void {
  let deployment = object as Deployment;
  const sets = ownedBy<ReplicaSet>(context, 'replicasets.apps', deployment);
  const found = sets.find((set) =>
    equal(withoutHash(set.spec.template), withoutHash(deployment.spec.template)),
  );
  const others = sets.filter((set) => set !== found);
  const isEnding = deployment.metadata.deletionTimestamp !== undefined;
  const mayRoll = !isEnding && deployment.spec.paused !== true;
  const current = mayRoll ? ensureCurrent(context, deployment, found, others) : found;
  if (current !== undefined && mayRoll) deployment = noteRevision(context, deployment, current);
  if (mayRoll && current !== undefined) {
    const step = deployment.spec.strategy.type === 'Recreate' ? recreate : rollOver;
    step(context, deployment, current, others);
    cleanUp(context, deployment, others);
  } else if (!isEnding) scalePaused(context, deployment, sets);
  writeDeploymentStatus(context, deployment, current);
}

/** The revision a ReplicaSet stands for. */
export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
}

function withoutHash(template: PodTemplate): PodTemplate {
  const copy = clone(template);
  if (copy.metadata?.labels !== undefined) delete copy.metadata.labels[hashLabel];
  return copy;
}

/** Finds or makes the ReplicaSet of the present template; an old one that is used again becomes the newest. */
function ensureCurrent(
  context: Context,
  deployment: Deployment,
  found: ReplicaSet | undefined,
  others: ReplicaSet[],
): ReplicaSet {
  const newest = Math.max(0, ...others.map(revisionOf));
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([name]) => !notCopied.includes(name),
  );
  const annotations = Object.fromEntries(copied);
  if (found === undefined) {
    const revision = { [revisionAnnotation]: String(newest + 1) };
    return createSet(context, deployment, { ...annotations, ...revision });
  }
  const before = revisionOf(found);
  const revision = before > newest ? before : newest + 1;
  return changeObject(context, 'replicasets.apps', found, (draft) => {
    const history = draft.metadata.annotations?.[historyAnnotation];
    const past =
      revision === before ? {} : { [historyAnnotation]: history ? `${history},${before}` : String(before) };
    const own = { ...annotations, ...past, [revisionAnnotation]: String(revision) };
    draft.metadata.annotations = { ...draft.metadata.annotations, ...own };
    if (deployment.spec.minReadySeconds !== undefined)
      draft.spec.minReadySeconds = deployment.spec.minReadySeconds;
    else delete draft.spec.minReadySeconds;
  });
}

function createSet(
  context: Context,
  deployment: Deployment,
  annotations: Record<string, string>,
): ReplicaSet {
  const template = clone(deployment.spec.template);
  // Deterministic: the same template always has the same hash.
  const templateHash = safeText(hash(stableText(template)));
  const labels = { ...template.metadata?.labels, [hashLabel]: templateHash };
  const selector = clone(deployment.spec.selector);
  selector.matchLabels = { ...selector.matchLabels, [hashLabel]: templateHash };
  const { minReadySeconds } = deployment.spec;
  return createOwned(context, 'replicasets.apps', deployment, {
    metadata: { name: `${deployment.metadata.name}-${templateHash}`, labels, annotations },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector,
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }) as ReplicaSet;
}

function noteRevision(context: Context, deployment: Deployment, current: ReplicaSet): Deployment {
  const revision = String(revisionOf(current));
  if (deployment.metadata.annotations?.[revisionAnnotation] === revision) return deployment;
  return changeObject(context, key, deployment, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: revision };
  });
}

/** A paused Deployment does not roll, but its newest ReplicaSet still follows its size. */
function scalePaused(context: Context, deployment: Deployment, sets: ReplicaSet[]): void {
  const newest = sets.reduce<ReplicaSet | undefined>(
    (best, set) => (best === undefined || revisionOf(set) > revisionOf(best) ? set : best),
    undefined,
  );
  if (newest === undefined) return;
  const elsewhere = sets.filter((set) => set !== newest).reduce((sum, set) => sum + set.spec.replicas, 0);
  scaleSet(context, deployment, newest, Math.max(0, deployment.spec.replicas - elsewhere));
}

/** Removes the oldest empty ReplicaSets beyond the history that is to be kept. */
function cleanUp(context: Context, deployment: Deployment, others: ReplicaSet[]): void {
  const unused = others.filter(
    (set) =>
      set.spec.replicas === 0 &&
      (set.status?.replicas ?? 0) === 0 &&
      set.metadata.deletionTimestamp === undefined,
  );
  const excess = unused.length - (deployment.spec.revisionHistoryLimit ?? 10);
  if (excess <= 0) return;
  unused.sort((left, right) => revisionOf(left) - revisionOf(right));
  for (const set of unused.slice(0, excess))
    deleteObject(context.cluster, resourceOf('replicasets.apps'), set, {});
}

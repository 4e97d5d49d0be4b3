import type { Cluster } from '../cluster.ts';
import { ApiFailure } from '../failure.ts';
import { matchesSelector } from '../selector.ts';
import type { Condition, Deployment, KubeObject, LabelSelector, Pod, ReplicaSet } from '../types.ts';
import { type Context, changeStatus, controllerOf, withCondition } from './context.ts';
import { readySince } from './replica-set.ts';
import { share } from './rollout.ts';

interface Budget extends KubeObject {
  spec?: { minAvailable?: number | string; maxUnavailable?: number | string; selector?: LabelSelector };
  status?: { conditions?: Condition[] };
}

/** How many of the pods of a disruption budget are ready, have to be, and may be evicted, as its status says it. */
interface BudgetState {
  expectedPods: number;
  currentHealthy: number;
  desiredHealthy: number;
  disruptionsAllowed: number;
}

export const budgetKey = 'poddisruptionbudgets.policy';
const said = "Cannot evict pod as it would violate the pod's disruption budget.";

/** Writes how much disruption a budget allows at present into its status. */
export function reconcileBudget(context: Context, object: KubeObject): void {
  const budget = object as Budget;
  const state = stateOf(context.cluster, budget);
  const allowed = state.disruptionsAllowed > 0;
  const conditions = withCondition(budget.status?.conditions, {
    type: 'DisruptionAllowed',
    status: allowed ? 'True' : 'False',
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  });
  const observedGeneration = budget.metadata.generation;
  changeStatus(context, budgetKey, budget, { ...state, observedGeneration, conditions });
}

/** Counts the pods of a budget as they are now. */
function stateOf(cluster: Cluster, budget: Budget): BudgetState {
  const all = cluster.store.list('pods', budget.metadata.namespace) as Pod[];
  const pods = all.filter((pod) => covers(budget, pod));
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  const countsPods = maxUnavailable === undefined && !isShare(minAvailable);
  const expectedPods = countsPods ? pods.length : wantedOf(cluster, pods);
  const desiredHealthy =
    maxUnavailable === undefined
      ? share(minAvailable ?? 1, expectedPods, Math.ceil)
      : Math.max(0, expectedPods - share(maxUnavailable, expectedPods, Math.ceil));
  const currentHealthy = pods.filter(isHealthy).length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed };
}

/** Throws ApiFailure 429 where the eviction of a pod is not allowed now. What does not run may always go. */
export function checkBudgets(cluster: Cluster, pod: Pod): void {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp !== undefined || status?.phase !== 'Running') return;
  const all = cluster.store.list(budgetKey, metadata.namespace) as Budget[];
  const [budget, ...more] = all.filter((each) => covers(each, pod));
  if (budget === undefined) return;
  if (more.length > 0) {
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiFailure(500, 'InternalError', message);
  }
  const { disruptionsAllowed, currentHealthy, desiredHealthy } = stateOf(cluster, budget);
  const isBroken = !isHealthy(pod) && currentHealthy >= desiredHealthy && desiredHealthy > 0;
  if (disruptionsAllowed > 0 || isBroken) return;
  const needs = `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  const causes = [{ reason: 'DisruptionBudget', message: needs }];
  throw new ApiFailure(429, 'TooManyRequests', said, { details: { causes } });
}

/** Of a budget and a pod of one namespace. */
function covers({ spec }: Budget, { metadata }: Pod): boolean {
  return matchesSelector(spec?.selector, metadata.labels);
}

function isHealthy(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && readySince(pod) !== undefined;
}

/** The pods that the controllers of some pods want; a pod without one is wanted itself. */
function wantedOf(cluster: Cluster, pods: Pod[]): number {
  const wanted = new Map<string, number>();
  for (const pod of pods) {
    const { namespace, uid } = pod.metadata;
    const set = ownerIn<ReplicaSet>(cluster, 'replicasets.apps', namespace, pod);
    const deployment = set && ownerIn<Deployment>(cluster, 'deployments.apps', namespace, set);
    const owner = deployment ?? set;
    wanted.set(owner?.metadata.uid ?? uid, owner?.spec.replicas ?? 1);
  }
  return [...wanted.values()].reduce((sum, each) => sum + each, 0);
}

function ownerIn<Kind extends KubeObject>(
  cluster: Cluster,
  key: string,
  namespace: string | undefined,
  owned: KubeObject,
): Kind | undefined {
  const reference = controllerOf(owned);
  const found = reference && cluster.store.get(key, namespace, reference.name);
  return found?.metadata.uid === reference?.uid ? (found as Kind | undefined) : undefined;
}

function isShare(value: number | string | undefined): boolean {
  return typeof value === 'string' && value.endsWith('%');
}

import { FaultError } from '../../domain/fault.ts';
import type { Cluster } from './client.ts';
import { ownerWarnings } from './owners.ts';
import type { Autoscaler, DisruptionBudget } from './wire.ts';
import { templateOf, type Workload, type WorkloadInput } from './workload.ts';

/** What else lays a hand on the workload: an autoscaler, a delivery tool, a pause, a disruption budget. */
export async function findWarnings(
  cluster: Cluster,
  input: WorkloadInput,
  workload: Workload,
): Promise<string[]> {
  const [autoscaler, budget] = await Promise.all([
    autoscalerOf(cluster, input),
    budgetOf(cluster, input, workload),
  ]);
  const paused =
    workload.spec?.paused === true ? ['Its rollout is paused: nothing new starts until resumed.'] : [];
  return [...autoscaler, ...ownerWarnings(cluster, workload.metadata), ...paused, ...budget];
}

/** The horizontal autoscaler that sets the replica count, if any. */
async function autoscalerOf(cluster: Cluster, input: WorkloadInput): Promise<string[]> {
  const items = await readable(autoscalersOf(cluster, input));
  if (items === undefined) return [unseenAutoscalers];
  return items.map(({ metadata, spec }) => {
    const range = `${spec?.minReplicas ?? 1} to ${spec?.maxReplicas}`;
    return `The autoscaler ${metadata?.name} sets its replicas (${range}) and may change them again.`;
  });
}

export const unseenAutoscalers =
  "Reign's account may not list autoscalers here: one that sets its replicas would not be seen.";

/** The autoscalers that target a workload. */
export async function autoscalersOf(
  cluster: Cluster,
  { namespace, kind, name }: WorkloadInput,
): Promise<Autoscaler[]> {
  const items = await cluster.list<Autoscaler>(({ autoscaling }) =>
    autoscaling.listNamespacedHorizontalPodAutoscaler(namespace),
  );
  return items.filter(
    ({ spec }) => spec?.scaleTargetRef.name === name && spec.scaleTargetRef.kind.toLowerCase() === kind,
  );
}

async function budgetOf(
  cluster: Cluster,
  { namespace }: WorkloadInput,
  workload: Workload,
): Promise<string[]> {
  const items = await readable(
    cluster.list<DisruptionBudget>(({ policy }) => policy.listNamespacedPodDisruptionBudget(namespace)),
  );
  if (items === undefined)
    return ["Reign's account may not list disruption budgets here: what one wants would not be seen."];
  const labels = templateOf(workload).metadata?.labels ?? {};
  return items
    .filter(({ spec }) => covers(spec?.selector?.matchLabels, labels))
    .map(({ metadata, spec }) => {
      const limit =
        spec?.minAvailable === undefined
          ? `at most ${spec?.maxUnavailable} unavailable`
          : `at least ${spec.minAvailable} available`;
      return `The disruption budget ${metadata?.name} wants ${limit}.`;
    });
}

function covers(wanted: { [key: string]: string } | undefined, labels: { [key: string]: string }): boolean {
  const pairs = Object.entries(wanted ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

/** Undefined for what Reign's account may not list: not knowing is said, and stops nothing. */
export async function readable<Item>(promise: Promise<Item[]>): Promise<Item[] | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-allowed') return undefined;
    throw error;
  }
}

import { equal, type JsonObject } from '../json.ts';
import { hash } from '../kinds/defaults.ts';
import type { Condition, Deployment, KubeObject } from '../types.ts';
import { type Context, changeObject, changeStatus, withCondition } from './context.ts';

const key = 'horizontalpodautoscalers.autoscaling';

/**
 * Keeps a Deployment between the autoscaler's bounds. The load is invented and always below the target, so
 * nothing is scaled by it; a size outside the bounds is corrected as a real cluster would.
 */
export function reconcileAutoscaler(context: Context, object: KubeObject): void {
  const spec = object.spec as {
    scaleTargetRef: { kind: string; name: string };
    minReplicas: number;
    maxReplicas: number;
  };
  const { kind, name } = spec.scaleTargetRef;
  const found =
    kind === 'Deployment'
      ? context.cluster.store.get('deployments.apps', object.metadata.namespace, name)
      : undefined;
  const target = found as Deployment | undefined;
  if (target === undefined || target.metadata.deletionTimestamp !== undefined) return;
  const current = target.spec.replicas;
  const desired = current === 0 ? 0 : Math.min(Math.max(current, spec.minReplicas), spec.maxReplicas);
  if (desired !== current) {
    changeObject(context, 'deployments.apps', target, (draft) => {
      draft.spec.replicas = desired;
    });
    const reason =
      desired < current
        ? 'the desired replica count is more than the maximum'
        : 'the desired replica count is less than the minimum';
    const source = { component: 'horizontal-pod-autoscaler' };
    context.events(
      object,
      'Normal',
      'SuccessfulRescale',
      `New size: ${desired}; reason: ${reason} replica count`,
      source,
    );
  }
  const status = statusOf(object, current, desired);
  if (!equal(object.status, status)) changeStatus(context, key, object, status);
}

function statusOf(object: KubeObject, currentReplicas: number, desiredReplicas: number): JsonObject {
  const metrics = ((object.spec as JsonObject).metrics ?? []) as {
    resource?: { name: string; target?: { averageUtilization?: number } };
  }[];
  const currentMetrics = metrics.map(({ resource }) => {
    const target = resource?.target?.averageUtilization ?? 80;
    const averageUtilization = Math.round(target * (0.4 + (hash(object.metadata.uid) % 30) / 100));
    return { type: 'Resource', resource: { name: resource?.name ?? 'cpu', current: { averageUtilization } } };
  });
  let conditions = (object.status as { conditions?: Condition[] } | undefined)?.conditions;
  const all: Condition[] = [
    {
      type: 'AbleToScale',
      status: 'True',
      reason: 'ReadyForNewScale',
      message: 'recommended size matches current size',
    },
    {
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message: 'the demo cluster invents the load',
    },
    {
      type: 'ScalingLimited',
      status: 'False',
      reason: 'DesiredWithinRange',
      message: 'the desired count is within the acceptable range',
    },
  ];
  for (const condition of all) conditions = withCondition(conditions, condition);
  return { currentReplicas, desiredReplicas, currentMetrics, conditions };
}

import { expressionsFor, type Workload } from './expressions.ts';

/** A PrometheusRule with the usual alerts about a workload. */
export function prometheusRule(workload: Workload) {
  const { name, namespace, kind } = workload;
  const it = expressionsFor(workload);
  const alert = (title: string, severity: string, wait: string, expr: string, summary: string) => ({
    alert: title,
    expr,
    for: wait,
    labels: { severity, namespace, [kind]: name },
    annotations: { summary },
  });
  const pod = 'Pod {{ $labels.pod }}, container {{ $labels.container }}';
  const rules = [
    alert(
      ...(['WorkloadDown', 'critical', '2m'] as const),
      `${it.available} == 0 and ${it.wanted} > 0`,
      `None of the pods of ${kind} ${namespace}/${name} is available.`,
    ),
    alert(
      ...(['WorkloadReplicasMissing', 'warning', '15m'] as const),
      `${it.available} < ${it.wanted}`,
      `${kind} ${namespace}/${name} has fewer available pods than it wants.`,
    ),
    alert(
      ...(['WorkloadCrashLooping', 'critical', '0m'] as const),
      `${it.restarts('15m')} > 3`,
      `${pod}, of ${namespace}/${name}, restarted more than 3 times in 15 minutes.`,
    ),
    alert(
      ...(['WorkloadMemoryNearLimit', 'warning', '10m'] as const),
      `${it.memoryShare} > 0.9`,
      `${pod}, of ${namespace}/${name}, uses more than 90% of its memory limit.`,
    ),
    alert(
      ...(['WorkloadCpuThrottled', 'warning', '15m'] as const),
      `${it.throttledShare} > 0.25`,
      `${pod}, of ${namespace}/${name}, is held back by its CPU limit more than a quarter of the time.`,
    ),
  ];
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name } },
    spec: { groups: [{ name: `${namespace}-${name}`, rules }] },
  };
}

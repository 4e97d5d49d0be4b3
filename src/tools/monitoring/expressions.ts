import type { WatchedKind } from './find-in-cluster.ts';

export type Workload = { name: string; namespace: string; kind: Exclude<WatchedKind, 'service'> };

/** The PromQL that alerts and panels about a workload are made of: kube-state-metrics and cAdvisor. */
export function expressionsFor({ name, namespace, kind }: Workload) {
  const object = `{namespace="${namespace}",${kind}="${name}"}`;
  const pods = `namespace="${namespace}",pod=~"${podPattern(name, kind)}"`;
  const containers = `${pods},container!="",container!="POD"`;
  const [available, wanted] = counts[kind];
  const memory = `max by (pod, container) (container_memory_working_set_bytes{${containers}})`;
  const throttled = `sum by (pod, container) (increase(container_cpu_cfs_throttled_periods_total{${containers}}[5m]))`;
  const periods = `sum by (pod, container) (increase(container_cpu_cfs_periods_total{${containers}}[5m]))`;
  const limit = `max by (pod, container) (kube_pod_container_resource_limits{${pods},resource="memory"})`;
  const restarts = (span: string) =>
    `sum by (pod, container) (increase(kube_pod_container_status_restarts_total{${pods}}[${span}]))`;
  return {
    available: `${available}${object}`,
    wanted: `${wanted}${object}`,
    restarts,
    cpu: `sum by (pod) (rate(container_cpu_usage_seconds_total{${containers}}[5m]))`,
    memory: `sum by (pod) (container_memory_working_set_bytes{${containers}})`,
    memoryShare: `${memory} / ${limit}`,
    throttledShare: `${throttled} / ${periods}`,
    received: `sum by (pod) (rate(container_network_receive_bytes_total{${pods}}[5m]))`,
    sent: `sum by (pod) (rate(container_network_transmit_bytes_total{${pods}}[5m]))`,
  };
}

const counts = {
  deployment: ['kube_deployment_status_replicas_available', 'kube_deployment_spec_replicas'],
  statefulset: ['kube_statefulset_status_replicas_ready', 'kube_statefulset_replicas'],
  daemonset: ['kube_daemonset_status_number_available', 'kube_daemonset_status_desired_number_scheduled'],
} as const;

/** Names of the pods that Kubernetes makes for it, as RE2 in a PromQL string. */
function podPattern(name: string, kind: Workload['kind']): string {
  const literal = name.replaceAll('.', '\\\\.');
  if (kind === 'deployment') return `${literal}-[a-z0-9]+-[a-z0-9]{5}`;
  return kind === 'statefulset' ? `${literal}-[0-9]+` : `${literal}-[a-z0-9]{5}`;
}

import { isObject, type JsonObject, valueAt } from '../json.ts';
import type { Condition, Job, KubeObject, Pod, Service } from '../types.ts';
import { age, ageColumn, column, nameColumn, number, selectorColumn, templateColumns } from './columns.ts';
import type { Column } from './resource.ts';

const wide = { priority: 1 } as const;

/** The word kubectl shows in the column Status of a pod. */
export function podStatus(pod: Pod): string {
  let word = pod.status?.reason ?? pod.status?.phase ?? 'Unknown';
  for (const { state } of pod.status?.containerStatuses ?? []) {
    word = state.waiting?.reason ?? state.terminated?.reason ?? word;
  }
  return pod.metadata.deletionTimestamp === undefined ? word : 'Terminating';
}

const statuses = (object: KubeObject) => (object as Pod).status?.containerStatuses ?? [];

export const podColumns: Column[] = [
  nameColumn,
  column(
    'Ready',
    (object) =>
      `${statuses(object).filter((each) => each.ready).length}/${(object as Pod).spec.containers.length}`,
  ),
  column('Status', (object) => podStatus(object as Pod)),
  column('Restarts', (object, now) => restarts(object as Pod, now)),
  ageColumn,
  column('IP', (object) => (object as Pod).status?.podIP ?? '<none>', wide),
  column('Node', (object) => (object as Pod).spec.nodeName ?? '<none>', wide),
  column('Nominated Node', () => '<none>', wide),
  column('Readiness Gates', () => '<none>', wide),
];

export const serviceColumns: Column[] = [
  nameColumn,
  column('Type', (object) => (object as Service).spec.type ?? 'ClusterIP'),
  column('Cluster-IP', (object) => (object as Service).spec.clusterIP ?? '<none>'),
  column('External-IP', (object) =>
    (object as Service).spec.type === 'LoadBalancer' ? '<pending>' : '<none>',
  ),
  column('Port(s)', (object) => servicePorts(object as Service)),
  ageColumn,
  column('Selector', (object) => pairs((object as Service).spec.selector), wide),
];

export const nodeColumns: Column[] = [
  nameColumn,
  column('Status', (object) => nodeStatus(object)),
  column('Roles', () => '<none>'),
  ageColumn,
  column('Version', (object) => valueAt(object, ['status', 'nodeInfo', 'kubeletVersion'])),
  column(
    'Internal-IP',
    (object) => (valueAt(object, ['status', 'addresses']) as { address: string }[])[0]?.address,
    wide,
  ),
  column('External-IP', () => '<none>', wide),
  column('OS-Image', (object) => valueAt(object, ['status', 'nodeInfo', 'osImage']), wide),
  column('Kernel-Version', (object) => valueAt(object, ['status', 'nodeInfo', 'kernelVersion']), wide),
  column(
    'Container-Runtime',
    (object) => valueAt(object, ['status', 'nodeInfo', 'containerRuntimeVersion']),
    wide,
  ),
];

export const cronJobColumns: Column[] = [
  nameColumn,
  column('Schedule', (object) => String((object.spec as { schedule?: string }).schedule)),
  column('Timezone', () => '<none>'),
  column('Suspend', (object) => (object.spec as { suspend?: boolean }).suspend === true),
  column('Active', () => 0),
  column('Last Schedule', () => '<none>'),
  ageColumn,
];

export const jobColumns: Column[] = [
  nameColumn,
  column('Status', (object) => jobStatus(object as Job)),
  column(
    'Completions',
    (object) => `${number(object, 'status', 'succeeded')}/${(object as Job).spec.completions ?? 1}`,
  ),
  column('Duration', (object, now) => jobDuration(object as Job, now)),
  ageColumn,
  ...templateColumns,
  selectorColumn,
];

export const eventColumns: Column[] = [
  column('Last Seen', (object, now) =>
    age(String(object.lastTimestamp ?? object.metadata.creationTimestamp), now),
  ),
  column('Type', (object) => object.type),
  column('Reason', (object) => object.reason),
  column('Object', (object) => {
    const involved = object.involvedObject as { kind: string; name: string };
    return `${involved.kind.toLowerCase()}/${involved.name}`;
  }),
  column('Subobject', (object) => valueAt(object, ['involvedObject', 'fieldPath']) ?? '', wide),
  column('Source', (object) => valueAt(object, ['source', 'component']) ?? '', wide),
  column('Message', (object) => String(object.message ?? '').trim()),
  column(
    'First Seen',
    (object, now) => age(String(object.firstTimestamp ?? object.metadata.creationTimestamp), now),
    wide,
  ),
  column('Count', (object) => object.count ?? 1, wide),
  { ...nameColumn, priority: 1 },
];

export const ingressColumns: Column[] = [
  nameColumn,
  column('Class', (object) => valueAt(object, ['spec', 'ingressClassName']) ?? '<none>'),
  column(
    'Hosts',
    (object) =>
      ingressRules(object)
        .map((rule) => rule.host ?? '*')
        .join(',') || '*',
  ),
  column('Address', () => ''),
  column('Ports', (object) => (valueAt(object, ['spec', 'tls']) === undefined ? '80' : '80, 443')),
  ageColumn,
];

const budgetNumber = (field: string) => (object: KubeObject) =>
  String(valueAt(object, ['spec', field]) ?? 'N/A');

export const budgetColumns: Column[] = [
  nameColumn,
  column('Min Available', budgetNumber('minAvailable')),
  column('Max Unavailable', budgetNumber('maxUnavailable')),
  column('Allowed Disruptions', (object) => number(object, 'status', 'disruptionsAllowed'), {
    type: 'integer',
  }),
  ageColumn,
];

export const autoscalerColumns: Column[] = [
  nameColumn,
  column('Reference', (object) => {
    const target = valueAt(object, ['spec', 'scaleTargetRef']) as { kind: string; name: string };
    return `${target.kind}/${target.name}`;
  }),
  column('Targets', (object) => autoscalerTargets(object)),
  column('MinPods', (object) => String(number(object, 'spec', 'minReplicas'))),
  column('MaxPods', (object) => number(object, 'spec', 'maxReplicas'), { type: 'integer' }),
  column('Replicas', (object) => number(object, 'status', 'currentReplicas'), { type: 'integer' }),
  ageColumn,
];

export const namespaceColumns: Column[] = [
  nameColumn,
  column('Status', (object) => valueAt(object, ['status', 'phase'])),
  ageColumn,
];

/** A column that counts the entries of some fields. */
export function countColumn(name: string, ...fields: string[]): Column {
  const count = (value: unknown) =>
    Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
  const value = (object: KubeObject) => fields.reduce((sum, field) => sum + count(object[field]), 0);
  return column(name, value, { type: 'integer' });
}

export const secretColumns: Column[] = [
  nameColumn,
  column('Type', (object) => object.type),
  countColumn('Data', 'data'),
  ageColumn,
];

export const endpointsColumns: Column[] = [
  nameColumn,
  column('Endpoints', (object) => {
    const subsets = (object.subsets ?? []) as { addresses?: { ip: string }[]; ports?: { port: number }[] }[];
    const list = subsets.flatMap(({ addresses, ports }) =>
      (addresses ?? []).flatMap(({ ip }) => (ports ?? []).map(({ port }) => `${ip}:${port}`)),
    );
    if (list.length === 0) return '<none>';
    return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',');
  }),
  ageColumn,
];

function restarts(pod: Pod, now: number): string {
  const count = statuses(pod).reduce((sum, each) => sum + each.restartCount, 0);
  const last = statuses(pod)
    .map((each) => each.lastState.terminated?.finishedAt)
    .find((time) => time !== undefined);
  return count > 0 && last !== undefined ? `${count} (${age(last, now)} ago)` : String(count);
}

function servicePorts(service: Service): string {
  const ports = (service.spec.ports ?? []).map(({ port, nodePort, protocol }) => {
    const outside = nodePort === undefined ? '' : `:${nodePort}`;
    return `${port}${outside}/${protocol}`;
  });
  return ports.join(',') || '<none>';
}

function nodeStatus(node: KubeObject): string {
  const conditions = (valueAt(node, ['status', 'conditions']) ?? []) as Condition[];
  const ready = conditions.some((each) => each.type === 'Ready' && each.status === 'True')
    ? 'Ready'
    : 'NotReady';
  return valueAt(node, ['spec', 'unschedulable']) === true ? `${ready},SchedulingDisabled` : ready;
}

function jobStatus(job: Job): string {
  const done = (job.status?.conditions ?? []).filter((condition) => condition.status === 'True');
  for (const type of ['Complete', 'Failed', 'Suspended'])
    if (done.some((each) => each.type === type)) return type;
  return job.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating';
}

function jobDuration(job: Job, now: number): string {
  const { startTime, completionTime } = job.status ?? {};
  if (startTime === undefined) return '';
  return age(startTime, completionTime === undefined ? now : Date.parse(completionTime));
}

function ingressRules(object: KubeObject): { host?: string }[] {
  return (valueAt(object, ['spec', 'rules']) ?? []) as { host?: string }[];
}

function autoscalerTargets(object: KubeObject): string {
  const metrics = (valueAt(object, ['spec', 'metrics']) ?? []) as JsonObject[];
  const current = (valueAt(object, ['status', 'currentMetrics']) ?? []) as JsonObject[];
  const parts = metrics.map((metric, index) => {
    const name = valueAt(metric, ['resource', 'name']) ?? 'metric';
    const used = valueAt(current[index], ['resource', 'current', 'averageUtilization']);
    const target = valueAt(metric, ['resource', 'target', 'averageUtilization']) ?? '?';
    return `${name}: ${used === undefined ? '<unknown>' : `${used}%`}/${target}%`;
  });
  return parts.join(', ') || '<none>';
}

function pairs(labels: Record<string, string> | undefined): string {
  const list = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return list.join(',') || '<none>';
}

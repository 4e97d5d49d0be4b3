import { valueAt } from '../json.ts';
import { selectorText } from '../selector.ts';
import type { Deployment, KubeObject, ReplicaSet } from '../types.ts';
import type { Column } from './resource.ts';

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow ' +
  'a client to request the generation of an appropriate name automatically. Name is primarily intended for creation ' +
  'idempotence and configuration definition. Cannot be updated. More info: ' +
  'https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const ageDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed ' +
  'to be set in happens-before order across separate operations. Clients may not set this value. It is represented ' +
  'in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: ' +
  'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: nameDescription,
  value: (object) => object.metadata.name,
};

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  description: ageDescription,
  value: (object, now) => age(object.metadata.creationTimestamp, now),
};

/** A column of text; `priority` 1 shows it only with `-o wide`. */
export function column(
  name: string,
  value: Column['value'],
  more: { description?: string; type?: Column['type']; priority?: 0 | 1 } = {},
): Column {
  return {
    name,
    type: more.type ?? 'string',
    description: more.description ?? name,
    priority: more.priority ?? 0,
    value,
  };
}

/** The time since a timestamp as kubectl writes it: `2s`, `5m10s`, `3d4h`. */
export function age(timestamp: string | undefined, now: number): string {
  if (timestamp === undefined) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - Date.parse(timestamp)) / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const pair = (large: number, unit: string, rest: number, small: string) =>
    rest === 0 ? `${large}${unit}` : `${large}${unit}${rest}${small}`;
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  return `${days}d`;
}

/** Containers and images of a workload's template, shown with `-o wide`. */
export const templateColumns: Column[] = [
  column(
    'Containers',
    (object) =>
      containers(object)
        .map((each) => each.name)
        .join(','),
    {
      description: 'Names of each container in the template.',
      priority: 1,
    },
  ),
  column(
    'Images',
    (object) =>
      containers(object)
        .map((each) => each.image)
        .join(','),
    {
      description: 'Images referenced by each container in the template.',
      priority: 1,
    },
  ),
];

const selectorDescription =
  'Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this ' +
  "deployment. It must match the pod template's labels.";

export const selectorColumn = column(
  'Selector',
  (object) => selectorText((object as ReplicaSet).spec.selector),
  {
    description: selectorDescription,
    priority: 1,
  },
);

export const deploymentColumns: Column[] = [
  nameColumn,
  column(
    'Ready',
    (object) => `${number(object, 'status', 'readyReplicas')}/${number(object, 'spec', 'replicas')}`,
    {
      description: 'Number of the pod with ready state',
    },
  ),
  column('Up-to-date', (object) => number(object, 'status', 'updatedReplicas'), {
    description:
      'Total number of non-terminating pods targeted by this deployment that have the desired template spec.',
  }),
  column('Available', (object) => number(object, 'status', 'availableReplicas'), {
    description:
      'Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment.',
  }),
  ageColumn,
  ...templateColumns,
  selectorColumn,
];

export const replicaSetColumns: Column[] = [
  nameColumn,
  column('Desired', (object) => number(object, 'spec', 'replicas'), { type: 'integer' }),
  column('Current', (object) => number(object, 'status', 'replicas'), { type: 'integer' }),
  column('Ready', (object) => number(object, 'status', 'readyReplicas'), { type: 'integer' }),
  ageColumn,
  ...templateColumns,
  selectorColumn,
];

/** A number in the object, 0 when it is not there. */
export function number(object: KubeObject, ...path: string[]): number {
  return Number(valueAt(object, path) ?? 0);
}

function containers(object: KubeObject): { name: string; image: string }[] {
  return (object as Deployment).spec.template.spec.containers;
}

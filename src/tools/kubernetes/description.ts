import { FaultError } from '../../domain/fault.ts';
import type { Cluster, ServerTable } from './client.ts';
import { ageText, eventRows } from './event-rows.ts';
import { findKind, objectPath } from './kinds.ts';
import { podsOf } from './pods.ts';
import { podTrouble } from './trouble.ts';
import type { KubeObject, Metadata, Pod } from './wire.ts';
import type { Workload } from './workload.ts';

type Fields = { [field: string]: unknown };
type Wanted = { kind: string; name: string; namespace?: string | undefined };

const mostPods = 10;
const mostEvents = 8;

/**
 * One object in a few lines: the server's own columns, images, conditions, pods, events. Values of secrets,
 * configuration maps and the environment are never in it, only their keys.
 */
export async function descriptionOf(cluster: Cluster, wanted: Wanted): Promise<string> {
  const kind = findKind(wanted.kind);
  if (kind === undefined) throw new FaultError('bad-request', `Unknown kind ${wanted.kind}.`);
  const path = objectPath(kind, wanted.name, wanted.namespace);
  const [object, table] = await Promise.all([cluster.get(path), cluster.table(path)]);
  const age = ageText(cluster.reader.now().getTime() - Date.parse(object.metadata?.creationTimestamp ?? ''));
  const title = `${kind.kind} ${wanted.namespace === undefined ? '' : `${wanted.namespace}/`}${wanted.name}`;
  const sections = [
    `${title}, ${age} old`,
    ...columnLines(table),
    ...imageLines(object),
    ...keyLines(object),
    ...markLines(object.metadata),
    ...conditionLines(object),
    ...(await podLines(cluster, object, wanted)),
    ...(await eventLines(cluster, wanted)),
  ];
  return sections.join('\n');
}

function columnLines({ columnDefinitions, rows }: ServerTable): string[] {
  const cells = rows?.[0]?.cells ?? [];
  return columnDefinitions.flatMap(({ name }, index) => {
    const cell = cells[index];
    const empty = cell === undefined || cell === null || cell === '' || cell === '<none>';
    return empty || name === 'Name' || name === 'Age' || name === 'Images'
      ? []
      : [`${name}: ${String(cell)}`];
  });
}

function imageLines(object: KubeObject): string[] {
  const spec = (object.spec ?? {}) as Fields;
  const template = spec.template as { spec?: Fields } | undefined;
  const pod = (template?.spec ?? spec) as {
    containers?: { name: string; image?: string; resources?: Fields }[];
  };
  return (pod.containers ?? []).map(({ name, image, resources }) => {
    const limits = Object.entries((resources?.limits ?? {}) as Fields).map(
      ([key, value]) => `${key} ${value}`,
    );
    return `Container ${name}: ${image}${limits.length === 0 ? '' : ` (limits: ${limits.join(', ')})`}`;
  });
}

function keyLines(object: KubeObject): string[] {
  if (object.kind !== 'Secret' && object.kind !== 'ConfigMap') return [];
  const keys = Object.keys((object.data ?? {}) as Fields);
  return [`Keys: ${keys.length === 0 ? 'none' : keys.join(', ')} (values are not shown)`];
}

function markLines(metadata: Metadata | undefined): string[] {
  const labels = Object.entries(metadata?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const owners = (metadata?.ownerReferences ?? []).map(({ kind, name }) => `${kind} ${name}`);
  return [
    ...(labels.length === 0 ? [] : [`Labels: ${labels.join(', ')}`]),
    ...(owners.length === 0 ? [] : [`Controlled by: ${owners.join(', ')}`]),
  ];
}

function conditionLines(object: KubeObject): string[] {
  const status = (object.status ?? {}) as { conditions?: Record<string, string | undefined>[] };
  const lines = (status.conditions ?? []).map(({ type, status, reason, message }) => {
    const why = [reason, message].filter((part) => part !== undefined && part !== '').join(': ');
    return `  ${type}: ${status}${why === '' ? '' : ` (${why})`}`;
  });
  return lines.length === 0 ? [] : ['Conditions:', ...lines];
}

async function podLines(cluster: Cluster, object: KubeObject, wanted: Wanted): Promise<string[]> {
  if (object.kind === 'Pod') {
    const trouble = podTrouble(cluster, object as Pod);
    return trouble === undefined ? [] : [`Trouble: ${await trouble.tell()}`];
  }
  const made = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'].includes(object.kind ?? '');
  if (!made || wanted.namespace === undefined) return [];
  const pods = await podsOf(cluster, wanted.namespace, object as Workload);
  const lines = pods.slice(0, mostPods).map((pod) => `  ${podState(pod)}`);
  const more = pods.length > mostPods ? [`  and ${pods.length - mostPods} more`] : [];
  return [`Pods: ${pods.length}`, ...lines, ...more];
}

function podState({ metadata, spec, status }: Pod): string {
  const statuses = status?.containerStatuses ?? [];
  const waiting = statuses.map(({ state }) => state?.waiting?.reason).find((reason) => reason !== undefined);
  const ready = statuses.filter(({ ready }) => ready).length;
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const where = spec?.nodeName === undefined ? '' : ` on ${spec.nodeName}`;
  const leaving =
    metadata?.deletionTimestamp === undefined ? (waiting ?? status?.phase ?? '') : 'Terminating';
  return `${metadata?.name} ${leaving}, ${ready}/${spec?.containers.length ?? 0} ready, ${restarts} restarts${where}`;
}

async function eventLines(cluster: Cluster, { namespace, name }: Wanted): Promise<string[]> {
  const rows = await eventRows(cluster, { namespace, name }, mostEvents);
  const lines = rows.map(({ age, warning, reason, object, message, count }) => {
    const times = count > 1 ? ` (${count} times)` : '';
    return `  ${age}${warning ? ' ⚠' : ''} ${reason} ${object}: ${message}${times}`;
  });
  return lines.length === 0 ? [] : ['Events:', ...lines];
}

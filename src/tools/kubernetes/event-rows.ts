import type { Cluster } from './client.ts';
import type { ClusterEvent } from './wire.ts';

export type EventRow = {
  age: string;
  warning: boolean;
  reason: string;
  object: string;
  message: string;
  count: number;
};

/** The newest events of a namespace or of all, of one object and what it made, newest first. */
export async function eventRows(
  cluster: Cluster,
  { namespace, name }: { namespace?: string | undefined; name?: string | undefined },
  most: number,
): Promise<EventRow[]> {
  const events = await cluster.list<ClusterEvent>(({ core }) =>
    namespace === undefined ? core.listEventForAllNamespaces() : core.listNamespacedEvent(namespace),
  );
  const now = cluster.reader.now().getTime();
  return events
    .filter(({ involvedObject }) => name === undefined || belongs(involvedObject.name ?? '', name))
    .sort((a, b) => timeOf(b) - timeOf(a) || ownFirst(a, b, name))
    .slice(0, most)
    .map((event) => rowOf(event, now, namespace === undefined));
}

/** How long ago, as kubectl writes it: "42s", "5m", "3h", "8d". */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** Replica sets and pods carry their workload's name and generated parts of 5 to 10 letters and digits. */
function belongs(object: string, name: string): boolean {
  if (object === name) return true;
  return object.startsWith(`${name}-`) && /^(-[a-z0-9]{1,10}){1,2}$/.test(object.slice(name.length));
}

/** Times have whole seconds: among equal ones the named object's own events lead. */
function ownFirst(a: ClusterEvent, b: ClusterEvent, name: string | undefined): number {
  return Number(b.involvedObject.name === name) - Number(a.involvedObject.name === name);
}

function rowOf(event: ClusterEvent, now: number, everywhere: boolean): EventRow {
  const { kind = '', name = '', namespace = '' } = event.involvedObject;
  return {
    age: ageText(now - timeOf(event)),
    warning: event.type === 'Warning',
    reason: event.reason ?? '',
    object: `${everywhere && namespace !== '' ? `${namespace}/` : ''}${kind.toLowerCase()}/${name}`,
    message: (event.message ?? '').trim(),
    count: event.series?.count ?? event.count ?? 1,
  };
}

function timeOf({ lastTimestamp, eventTime, series, metadata }: ClusterEvent): number {
  const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return time === undefined ? 0 : Date.parse(time);
}

import { type Cluster, timestamp } from '../cluster.ts';
import { methodNotAllowed, notFound } from '../failure.ts';
import { hash } from '../kinds/defaults.ts';
import type { KubeObject, Pod } from '../types.ts';
import { type Answer, json } from './request.ts';

const root = '/apis/metrics.k8s.io/v1beta1';
const group = 'metrics.k8s.io';

/** CPU and memory use as metrics-server tells it, invented from what each pod requests; undefined for other paths. */
export function metrics(cluster: Cluster, path: string, method: string): Answer | undefined {
  const [, namespace, plural, name] =
    new RegExp(`^${root}(?:/namespaces/([^/]+))?/(nodes|pods)(?:/([^/]+))?$`).exec(path) ?? [];
  if (plural === undefined) return undefined;
  if (method !== 'GET') throw methodNotAllowed();
  const kind = plural === 'nodes' ? 'NodeMetrics' : 'PodMetrics';
  const items = plural === 'nodes' ? nodeMetrics(cluster) : podMetrics(cluster, namespace);
  const apiVersion = `${group}/v1beta1`;
  if (name === undefined) return json({ kind: `${kind}List`, apiVersion, metadata: {}, items });
  const found = items.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw notFound({ group, plural, kind: '' }, name);
  return json({ kind, apiVersion, ...found });
}

function podMetrics(cluster: Cluster, namespace: string | undefined) {
  return runningPods(cluster)
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
    .map((pod) => {
      const containers = pod.spec.containers.map(({ name }) => ({ name, usage: inUnits(usageOf(pod)) }));
      return { ...head(pod), containers };
    });
}

function nodeMetrics(cluster: Cluster) {
  return cluster.store.list('nodes', undefined).map((node) => {
    const here = runningPods(cluster).filter(({ spec }) => spec.nodeName === node.metadata.name);
    const used = here.map(usageOf);
    const cpu = 80 + used.reduce((sum, each) => sum + each.cpu, 0);
    const memory = 300 + used.reduce((sum, each) => sum + each.memory, 0);
    return { ...head(node), usage: inUnits({ cpu, memory }) };
  });
}

function runningPods(cluster: Cluster): Pod[] {
  const pods = cluster.store.list('pods', undefined) as Pod[];
  return pods.filter(({ status }) => status?.phase === 'Running');
}

/** Millicores and mebibytes of a pod, the same each time. */
function usageOf({ metadata }: KubeObject): { cpu: number; memory: number } {
  const number = hash(metadata.uid);
  return { cpu: 12 + (number % 30), memory: 28 + (number % 48) };
}

function inUnits({ cpu, memory }: { cpu: number; memory: number }) {
  return { cpu: `${cpu}m`, memory: `${memory * 1024}Ki` };
}

function head({ metadata: { name, namespace, labels, creationTimestamp } }: KubeObject) {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), labels, creationTimestamp };
  return { metadata, timestamp: timestamp(), window: '15s' };
}

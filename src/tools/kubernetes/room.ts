import { FaultError } from '../../domain/fault.ts';
import type { Cluster } from './client.ts';
import { loadLibrary } from './library.ts';
import type { Node, Pod, PodTemplate } from './wire.ts';

type Amounts = { cpu: number; memory: number };

/**
 * How many more pods of a template the nodes have room for, by what pods request of CPU and memory.
 * @returns undefined where the template requests nothing, or where nodes and pods may not be listed.
 */
export async function roomFor(cluster: Cluster, template: PodTemplate): Promise<number | undefined> {
  const { quantityToScalar } = await loadLibrary();
  const amount = (text: string | undefined) => (text === undefined ? 0 : Number(quantityToScalar(text)));
  const requested = (spec: PodTemplate['spec'] | Pod['spec']): Amounts => {
    const requests = (spec?.containers ?? []).map(({ resources }) => resources?.requests ?? {});
    return {
      cpu: requests.reduce((sum, { cpu }) => sum + amount(cpu), 0),
      memory: requests.reduce((sum, { memory }) => sum + amount(memory), 0),
    };
  };
  const wanted = requested(template.spec);
  if (wanted.cpu === 0 && wanted.memory === 0) return undefined;
  const seen = await listAll(cluster);
  if (!seen) return undefined;
  const rooms = seen.nodes
    .filter(({ spec }) => spec?.unschedulable !== true)
    .map(({ metadata, status }) => {
      const here = seen.pods
        .filter(({ spec }) => spec?.nodeName === metadata?.name)
        .map(({ spec }) => requested(spec));
      const free = (kind: keyof Amounts) =>
        amount(status?.allocatable?.[kind]) - here.reduce((sum, each) => sum + each[kind], 0);
      const fits = (kind: keyof Amounts) =>
        wanted[kind] === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.floor(free(kind) / wanted[kind]));
      const places = amount(status?.allocatable?.['pods']) - here.length;
      return Math.min(fits('cpu'), fits('memory'), Math.max(0, places));
    });
  return rooms.reduce((sum, each) => sum + each, 0);
}

async function listAll(cluster: Cluster): Promise<{ nodes: Node[]; pods: Pod[] } | undefined> {
  try {
    const [nodes, pods] = await Promise.all([
      cluster.list<Node>(({ core }) => core.listNode()),
      cluster.list<Pod>(({ core }) => core.listPodForAllNamespaces()),
    ]);
    return {
      nodes,
      pods: pods.filter(({ status }) => !['Succeeded', 'Failed'].includes(status?.phase ?? '')),
    };
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-allowed') return undefined;
    throw error;
  }
}

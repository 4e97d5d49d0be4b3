import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { type Cluster, openCluster } from './client.ts';
import { findKind } from './kinds.ts';
import { loadQuantities, share } from './quantity.ts';
import { assessRead, type PlaceInput, placeInput, placeRead } from './read-place.ts';
import { examples } from './top.examples.ts';
import type { Node, Pod } from './wire.ts';

const mostRows = 100;
const root = '/apis/metrics.k8s.io/v1beta1';
const noMetrics = 'The cluster measures nothing: it has no metrics.k8s.io (metrics-server is the usual one).';

type Usage = { cpu: string; memory: string };
type NodeMetrics = { metadata: { name: string }; usage: Usage };
type PodMetrics = { metadata: { name: string; namespace: string }; containers: { usage: Usage }[] };
type Row = { cells: string[]; cpu: number };

export const top = defineOperation({
  ...readParts,
  id: 'kubernetes.top',
  version: 1,
  summary: 'Shows the CPU and memory that pods or nodes use now, the busiest first.',
  request: z.strictObject({
    kind: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: placeInput.extend({ kind: z.enum(['pods', 'nodes']) }),
  output: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    total: z.number(),
    cpuMillicores: z.number(),
    memoryMebibytes: z.number(),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve({ kind: word = 'pods', ...request }, reader) {
    const kind = z.enum(['pods', 'nodes']).safeParse(findKind(word)?.plural ?? word).data;
    if (kind === undefined)
      return { kind: 'impossible', reason: `What ${word} use is not measured: ask for pods or nodes.` };
    const placed = await placeRead(kind === 'nodes' ? { environment: request.environment } : request, reader);
    if (placed.kind !== 'placed') return placed;
    return { kind: 'input', input: { ...placed.place, kind } };
  },
  assess: (input) => assessRead(input),
  describe: ({ kind, namespace, environment }) => ({
    title: `Show what ${kind} ${namespace === undefined ? '' : `of namespace ${namespace} `}use in ${environment}`,
    byHand: `kubectl top ${kind} ${scopeFlag(kind, namespace)}`.trim(),
  }),
  async execute(input, reader) {
    const cluster = openCluster(reader, input.connection);
    return input.kind === 'nodes' ? topNodes(cluster) : topPods(cluster, input);
  },
  render({ columns, rows, total }, { kind, namespace, environment }) {
    const where = namespace === undefined ? environment : `namespace ${namespace} of ${environment}`;
    if (total === 0) return { kind: 'text', text: `No ${kind} run in ${where}.` };
    const note = `${rows.length < total ? `${rows.length} of ` : ''}${total} ${kind} in ${where}, the busiest first`;
    return { kind: 'table', columns, rows, note };
  },
});

function scopeFlag(kind: string, namespace: string | undefined): string {
  if (kind === 'nodes') return '';
  return namespace === undefined ? '--all-namespaces' : `-n ${namespace}`;
}

async function topNodes(cluster: Cluster) {
  const [{ millicores, mebibytes }, measured, nodes] = await Promise.all([
    loadQuantities(),
    metricsOf<NodeMetrics>(cluster, `${root}/nodes`),
    cluster.list<Node>(({ core }) => core.listNode()),
  ]);
  const rows = measured.map(({ metadata, usage }) => {
    const { cpu, memory } = { cpu: millicores(usage.cpu), memory: mebibytes(usage.memory) };
    const room = nodes.find((node) => node.metadata?.name === metadata.name)?.status?.allocatable ?? {};
    const ofCpu = share(cpu, millicores(room['cpu']));
    const ofMemory = share(memory, mebibytes(room['memory']));
    return { cpu, memory, cells: [metadata.name, `${cpu}m`, ofCpu, `${memory}Mi`, ofMemory] };
  });
  return shape(['Node', 'CPU', 'CPU %', 'Memory', 'Memory %'], rows);
}

async function topPods(cluster: Cluster, { namespace }: PlaceInput) {
  const below = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const [{ millicores, mebibytes }, measured, pods] = await Promise.all([
    loadQuantities(),
    metricsOf<PodMetrics>(cluster, `${root}${below}/pods`),
    cluster.list<Pod>(`/api/v1${below}/pods`),
  ]);
  const rows = measured.map(({ metadata, containers }) => {
    const cpu = sum(containers.map(({ usage }) => millicores(usage.cpu)));
    const memory = sum(containers.map(({ usage }) => mebibytes(usage.memory)));
    const pod = pods.find(
      (it) => it.metadata?.name === metadata.name && it.metadata.namespace === metadata.namespace,
    );
    const asked = (pod?.spec?.containers ?? []).map(({ resources }) => resources?.requests ?? {});
    const ofCpu = share(cpu, sum(asked.map((each) => millicores(each['cpu']))));
    const ofMemory = share(memory, sum(asked.map((each) => mebibytes(each['memory']))));
    const lead = namespace === undefined ? [metadata.namespace] : [];
    return { cpu, memory, cells: [...lead, metadata.name, `${cpu}m`, ofCpu, `${memory}Mi`, ofMemory] };
  });
  const lead = namespace === undefined ? ['Namespace'] : [];
  return shape([...lead, 'Pod', 'CPU', 'of request', 'Memory', 'of request'], rows);
}

/** @throws FaultError `unsupported` where nothing measures. */
async function metricsOf<Item>(cluster: Cluster, path: string): Promise<Item[]> {
  const answer = await cluster.find<{ items: Item[] }>(path);
  if (answer === undefined) throw new FaultError('unsupported', noMetrics);
  return answer.items;
}

function shape(columns: string[], rows: (Row & { memory: number })[]) {
  const sorted = [...rows].sort((a, b) => b.cpu - a.cpu);
  return {
    columns,
    rows: sorted.slice(0, mostRows).map(({ cells }) => cells),
    total: rows.length,
    cpuMillicores: sum(rows.map(({ cpu }) => cpu)),
    memoryMebibytes: sum(rows.map(({ memory }) => memory)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { openCluster } from './client.ts';
import { examples } from './create_namespace.examples.ts';
import { type Ensured, ensureParts, ensureUndo, wordsOf } from './ensure.ts';
import { contentsOf } from './goes-along.ts';
import { kindNamed } from './kinds.ts';
import { kubeName } from './names.ts';
import { nodeInput } from './node.ts';

const namespaceInput = nodeInput;
type NamespaceInput = z.infer<typeof namespaceInput>;

const what: Ensured<NamespaceInput> = {
  kind: kindNamed('Namespace'),
  place: ({ name }) => ({ name }),
  wanted: () => ({ apiVersion: 'v1', kind: 'Namespace' }),
  view: ({ metadata }) => ({ name: metadata?.name ?? '' }),
  holds: ({ name }, cluster) => contentsOf(cluster, name),
  remark: async (_before, _after, { name }) => ({ summary: `makes the namespace ${name}` }),
};

export const createNamespace = defineOperation({
  ...ensureParts(what),
  id: 'kubernetes.create_namespace',
  version: 1,
  summary: 'Makes a namespace.',
  effect: 'create',
  request: z.strictObject({ name: z.string().optional(), environment: z.string().optional() }),
  input: namespaceInput,
  output: z.object({ object: z.string(), fields: z.record(z.string(), z.json()) }),
  examples,
  undo: ensureUndo(what, () => ({})),
  async resolve({ name, environment }, reader) {
    const one = onePlace(reader.environments, 'kubernetes', environment);
    if (one.kind !== 'place') return one;
    if (name === undefined)
      return {
        kind: 'question',
        question: { text: 'What shall the namespace be called?', field: 'name', options: [] },
      };
    const parsed = kubeName.safeParse(name.trim().toLowerCase());
    if (!parsed.success)
      return {
        kind: 'impossible',
        reason: `"${name}" is no name of a namespace: a-z, 0-9 and "-", 63 at most.`,
      };
    const cluster = openCluster(reader, one.connection.id);
    const at = { environment: one.connection.environment, connection: one.connection.id };
    const input = { ...at, clusterUid: await cluster.uid(), name: parsed.data };
    if ((await cluster.find(({ core }) => core.readNamespace(input.name))) === undefined)
      return { kind: 'input', input };
    return { kind: 'impossible', reason: `The ${wordsOf(what, input)} exists already.` };
  },
  assess: ({ clusterUid, name, environment }) => ({
    effect: 'create',
    targets: [`k8s:${clusterUid}/${name}`],
    environment,
    place: `${environment}/${name}`,
    objects: 1,
    reasons: [],
  }),
  describe: (input) => ({
    title: `Make the ${wordsOf(what, input)}`,
    byHand: `kubectl create namespace ${input.name}`,
  }),
  async verify(input, reader) {
    const live = await openCluster(reader, input.connection).find(({ core }) =>
      core.readNamespace(input.name),
    );
    const phase = (live?.['status'] as { phase?: string } | undefined)?.phase ?? 'missing';
    return { state: phase === 'Active' ? 'healthy' : 'failed', evidence: `${input.name} is ${phase}.` };
  },
  render: ({ object }) => ({ kind: 'text', text: `The ${object} is there.` }),
});

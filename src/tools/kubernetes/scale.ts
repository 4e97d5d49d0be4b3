import { z } from 'zod';
import type { Tier } from '../../domain/environment.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { locateWorkload } from './locate.ts';
import { type ReversibleChange, reversible } from './restore.ts';
import { examples } from './scale.examples.ts';
import { type Workload, type WorkloadInput, wordsOf, workloadInput } from './workload.ts';
import { assessWorkload, writeParts } from './write-parts.ts';

const mostReplicas = 1000;
const refuse = { daemonset: 'A daemon set runs one pod on each node: it has no replica count to set.' };

type ScaleInput = WorkloadInput & { replicas: number };

const change: ReversibleChange<ScaleInput> = {
  change: async (workload, { replicas }) => ({
    workload: withReplicas(workload, replicas),
    depends: { replicas: workload.spec?.replicas ?? null },
  }),
  remark: (before, after, _input, tier) => ({
    summary: `${before.replicas} → ${after.replicas} replicas`,
    warnings: before.replicas === after.replicas ? ['It has this many replicas already.'] : [],
    raises: raisesOf(before.replicas ?? 0, after.replicas ?? 0, tier),
  }),
  touches: ({ replicas }) => ({ replicas }),
  putBack: async (workload, { replicas }) => withReplicas(workload, Number(replicas)),
};

export const scale = defineOperation({
  ...writeParts(change, 'replicas'),
  id: 'kubernetes.scale',
  version: 1,
  summary: 'Sets the replica count of a deployment or stateful set.',
  request: z.strictObject({
    name: z.string().optional(),
    replicas: z.number().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: workloadInput.extend({ replicas: z.number().int().min(0).max(mostReplicas) }),
  examples,
  undo: reversible(change),
  async resolve(request, reader) {
    const { replicas } = request;
    if (
      replicas !== undefined &&
      !(Number.isInteger(replicas) && replicas >= 0 && replicas <= mostReplicas)
    ) {
      const reason = `${replicas} is not a replica count: it is a whole number from 0 to ${mostReplicas}.`;
      return { kind: 'impossible', reason };
    }
    const located = await locateWorkload(request, reader, 'scale', refuse);
    if (located.kind !== 'located') return located;
    if (replicas !== undefined) return { kind: 'input', input: { ...located.at, replicas } };
    const text = `How many replicas shall the ${wordsOf(located.at)} have? It has ${located.workload.spec?.replicas}.`;
    return { kind: 'question', question: { text, field: 'replicas', options: [] } };
  },
  assess: (input) =>
    assessWorkload(input, 'update', [input.replicas === 0 ? 'stops the service' : 'changes the capacity']),
  describe: (input) => ({
    title: `Scale ${input.kind} ${input.namespace}/${input.name} in ${input.environment} to ${count(input.replicas)}`,
    byHand: `kubectl -n ${input.namespace} scale ${input.kind}/${input.name} --replicas=${input.replicas}`,
  }),
});

function withReplicas(workload: Workload, replicas: number): Workload {
  return { ...workload, spec: { ...workload.spec, replicas } } as Workload;
}

function raisesOf(before: number, after: number, tier: Tier): RiskRaise[] {
  if (after >= before) return [];
  if (after === 0) return [{ level: 'high', reason: 'stops the service: no replica is left' }];
  if (after * 2 >= before) return [];
  const reason = `takes away more than half of the replicas (${before} → ${after})`;
  return [{ level: tier === 'production' ? 'high' : 'medium', reason }];
}

function count(replicas: number): string {
  return replicas === 1 ? '1 replica' : `${replicas} replicas`;
}

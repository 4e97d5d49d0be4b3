import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { deliveredWorkload } from './delivered.ts';
import { locateWorkload } from './locate.ts';
import { changeReplicas, inReplicas, mostReplicas, refuseScaling } from './replicas.ts';
import { reversible } from './restore.ts';
import { examples } from './scale.examples.ts';
import { wordsOf, workloadInput } from './workload.ts';
import { assessWorkload, writeParts } from './write-parts.ts';

export const scale = defineOperation({
  ...writeParts(changeReplicas, 'replicas'),
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
  delivered: deliveredWorkload(changeReplicas),
  undo: reversible(changeReplicas),
  async resolve(request, reader) {
    const { replicas } = request;
    if (
      replicas !== undefined &&
      !(Number.isInteger(replicas) && replicas >= 0 && replicas <= mostReplicas)
    ) {
      const reason = `${replicas} is not a replica count: it is a whole number from 0 to ${mostReplicas}.`;
      return { kind: 'impossible', reason };
    }
    const located = await locateWorkload(request, reader, 'scale', refuseScaling);
    if (located.kind !== 'located') return located;
    if (replicas !== undefined) return { kind: 'input', input: { ...located.at, replicas } };
    const text = `How many replicas shall the ${wordsOf(located.at)} have? It has ${located.workload.spec?.replicas}.`;
    return { kind: 'question', question: { text, field: 'replicas', options: [] } };
  },
  assess: (input) =>
    assessWorkload(input, 'update', [input.replicas === 0 ? 'stops the service' : 'changes the capacity']),
  describe: (input) => ({
    title: `Scale ${input.kind} ${input.namespace}/${input.name} in ${input.environment} to ${inReplicas(input.replicas)}`,
    byHand: `kubectl -n ${input.namespace} scale ${input.kind}/${input.name} --replicas=${input.replicas}`,
  }),
});

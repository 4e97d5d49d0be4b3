import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import type { Cluster } from './client.ts';
import { deliveredWorkload } from './delivered.ts';
import { locateWorkload } from './locate.ts';
import { changeReplicas, inReplicas, mostReplicas, type ReplicasInput, refuseScaling } from './replicas.ts';
import { type ReversibleChange, reversible } from './restore.ts';
import { roomFor } from './room.ts';
import { examples } from './scale_by.examples.ts';
import { autoscalersOf, readable, unseenAutoscalers } from './warnings.ts';
import { templateOf, type Workload, type WorkloadInput, wordsOf, workloadInput } from './workload.ts';
import { assessWorkload, writeParts } from './write-parts.ts';

type ScaleByInput = ReplicasInput & { factor: number; from: number; limits: string[] };

const change: ReversibleChange<ScaleByInput> = {
  ...changeReplicas,
  remark: (before, after, input, tier) => {
    const { summary, warnings = [], ...rest } = changeReplicas.remark(before, after, input, tier);
    const times = `${inTimes(input.factor)} of ${input.from}`;
    return { ...rest, summary: `${summary} (${times})`, warnings: [...input.limits, ...warnings] };
  },
};

export const scaleBy = defineOperation({
  ...writeParts(change, 'replicas'),
  id: 'kubernetes.scale_by',
  version: 1,
  summary: 'Multiplies the replica count of a deployment or stateful set, for more or less traffic.',
  request: z.strictObject({
    name: z.string().optional(),
    factor: z.number().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: workloadInput.extend({
    replicas: z.number().int().min(0).max(mostReplicas),
    factor: z.number().positive(),
    /** What it had when it was asked for. */
    from: z.number().int().min(0),
    limits: z.array(z.string()),
  }),
  examples,
  delivered: deliveredWorkload(change),
  undo: reversible(change),
  async resolve(request, reader) {
    const { factor } = request;
    if (factor !== undefined && !(factor > 0 && factor <= 100))
      return { kind: 'impossible', reason: `${factor} is no factor: it is a number above 0, up to 100.` };
    const located = await locateWorkload(request, reader, 'scale', refuseScaling);
    if (located.kind !== 'located') return located;
    const from = located.workload.spec?.replicas ?? 1;
    if (factor === undefined) {
      const text = `By how much shall the ${wordsOf(located.at)} be scaled? It has ${inReplicas(from)}.`;
      const options = [2, 3, 10].map((each) => ({
        label: `${each}x: ${each * from}`,
        patch: { factor: each },
      }));
      return { kind: 'question', question: { text, field: 'factor', options } };
    }
    if (from === 0) {
      const reason = `The ${wordsOf(located.at)} has no replicas, and any number of times none is none: say how many it shall have.`;
      return { kind: 'impossible', reason };
    }
    const { replicas, limits } = await within(located.cluster, located.at, located.workload, from * factor);
    return { kind: 'input', input: { ...located.at, replicas, factor, from, limits } };
  },
  assess: (input) =>
    assessWorkload(input, 'update', [`changes the capacity to ${inTimes(input.factor)} of what it was`]),
  describe: (input) => ({
    title: `Scale ${input.kind} ${input.namespace}/${input.name} in ${input.environment} from ${input.from} to ${inReplicas(input.replicas)}`,
    byHand: `kubectl -n ${input.namespace} scale ${input.kind}/${input.name} --current-replicas=${input.from} --replicas=${input.replicas}`,
  }),
});

/** The count that was meant, within what the autoscaler allows; what the nodes have room for is said. */
async function within(
  cluster: Cluster,
  at: WorkloadInput,
  workload: Workload,
  wanted: number,
): Promise<{ replicas: number; limits: string[] }> {
  // A part of a pod more is a pod more: 1.5 times 3 is 5.
  const whole = Math.min(mostReplicas, Math.max(1, Math.ceil(Number(wanted.toFixed(6)))));
  const autoscalers = await readable(autoscalersOf(cluster, at));
  const [autoscaler] = autoscalers ?? [];
  const { minReplicas: least = 1, maxReplicas: most = mostReplicas } = autoscaler?.spec ?? {};
  const replicas = Math.min(most, Math.max(least, whole));
  const limits = autoscalers === undefined ? [unseenAutoscalers] : [];
  if (replicas !== whole)
    limits.push(
      `${whole} would be needed; the autoscaler ${autoscaler?.metadata?.name} allows ${least} to ${most}.`,
    );
  const more = replicas - (workload.spec?.replicas ?? 0);
  const room = more > 0 ? await roomFor(cluster, templateOf(workload)) : undefined;
  if (room !== undefined && room < more)
    limits.push(
      `The nodes have room for about ${room} more, and ${more} are asked for: the rest waits for nodes.`,
    );
  return { replicas, limits };
}

function inTimes(factor: number): string {
  return `${Number(factor.toFixed(2))} times`;
}

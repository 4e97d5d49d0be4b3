import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { locateWorkload } from './locate.ts';
import { revisionOf } from './pods.ts';
import { progressOf } from './rollout.ts';
import { examples } from './rollout_status.examples.ts';
import { findTrouble } from './trouble.ts';
import { readWorkload, viewOf, workloadInput } from './workload.ts';
import { assessWorkload } from './write-parts.ts';

export const rolloutStatus = defineOperation({
  ...readParts,
  id: 'kubernetes.rollout_status',
  version: 1,
  summary: 'Says how a rollout is going.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: workloadInput,
  output: z.object({
    done: z.boolean(),
    progress: z.string(),
    trouble: z.string().optional(),
    paused: z.boolean(),
    revision: z.number(),
    images: z.record(z.string(), z.string()),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve(request, reader) {
    const located = await locateWorkload(request, reader, 'see the rollout of');
    return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
  },
  assess: (input) => ({ ...assessWorkload(input, 'read', []), objects: 0 }),
  describe: ({ kind, namespace, name, environment }) => ({
    title: `Show the rollout of ${kind} ${namespace}/${name} in ${environment}`,
    byHand: `kubectl -n ${namespace} rollout status ${kind}/${name}`,
  }),
  async execute(input, reader) {
    const cluster = openCluster(reader, input.connection);
    const workload = await readWorkload(cluster, input);
    const { done, line } = progressOf(input, workload);
    const trouble = done ? undefined : await findTrouble(cluster, input, workload);
    const { paused, images } = viewOf(workload);
    const said = trouble === undefined ? {} : { trouble: await trouble.tell() };
    return { done, progress: line, paused, revision: revisionOf(workload), images, ...said };
  },
  render({ done, progress, trouble, paused, revision, images }, { kind, namespace, name }) {
    const state = paused
      ? 'is paused'
      : done
        ? 'is complete'
        : trouble === undefined
          ? 'goes on'
          : 'is stuck';
    const which = revision === 0 ? '' : ` (revision ${revision})`;
    const why = trouble === undefined ? '' : `\n${trouble}`;
    const runs = Object.entries(images).map(([container, image]) => `${container}: ${image}`);
    const text = `The rollout of ${kind} ${namespace}/${name}${which} ${state}: ${progress}.${why}\n${runs.join('\n')}`;
    return { kind: 'text', text };
  },
});

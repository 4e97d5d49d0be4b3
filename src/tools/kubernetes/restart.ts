import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import type { WorkloadChange } from './change.ts';
import { locateWorkload } from './locate.ts';
import { examples } from './restart.examples.ts';
import {
  restartedAtKey,
  templateOf,
  viewOf,
  type Workload,
  type WorkloadInput,
  workloadInput,
} from './workload.ts';
import { assessWorkload, writeParts } from './write-parts.ts';

const change: WorkloadChange<WorkloadInput> = {
  change: async (workload, _input, { reader }) => ({
    workload: restarted(workload, reader.now()),
    depends: { template: viewOf(workload).template },
  }),
  remark: ({ replicas, paused }) => ({
    summary: `replaces ${replicas === null ? 'its pods' : `its ${replicas} pods`} one after the other`,
    warnings: paused ? ['A paused rollout does not restart anything before it is resumed.'] : [],
  }),
  // The time differs on each run; what it means does not.
  steady: (after) => ({ ...after, restartedAt: '<time of the restart>' }),
};

export const restart = defineOperation({
  ...writeParts(change, 'template'),
  id: 'kubernetes.restart',
  version: 1,
  summary: 'Restarts a workload by replacing its pods one after the other.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: workloadInput,
  examples,
  undo: {
    kind: 'irreversible',
    reason: "A restart can't be undone: the old pods are gone. What runs is the same as before.",
  },
  async resolve(request, reader) {
    const located = await locateWorkload(request, reader, 'restart');
    return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
  },
  assess: (input) => assessWorkload(input, 'update', ['replaces the running pods']),
  describe: ({ kind, namespace, name, environment }) => ({
    title: `Restart ${kind} ${namespace}/${name} in ${environment}`,
    byHand: `kubectl -n ${namespace} rollout restart ${kind}/${name}`,
  }),
});

/** What `kubectl rollout restart` writes: a new annotation in the template makes new pods. */
function restarted(workload: Workload, at: Date): Workload {
  const template = templateOf(workload);
  const annotations = { ...template.metadata?.annotations, [restartedAtKey]: at.toISOString() };
  const metadata = { ...template.metadata, annotations };
  return { ...workload, spec: { ...workload.spec, template: { ...template, metadata } } } as Workload;
}

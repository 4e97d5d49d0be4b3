import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type Resolution } from '../../domain/operation.ts';
import type { Cluster } from './client.ts';
import { locateWorkload } from './locate.ts';
import { replicaSetsOf, revisionOf } from './pods.ts';
import { askRecentRollout } from './recent-rollouts.ts';
import { type ReversibleChange, reversible } from './restore.ts';
import { examples } from './rollback.examples.ts';
import type { PodTemplate, ReplicaSet } from './wire.ts';
import {
  templateHash,
  viewOf,
  type Workload,
  type WorkloadInput,
  wordsOf,
  workloadInput,
} from './workload.ts';
import { assessWorkload, writeParts } from './write-parts.ts';

const why = 'Reign rolls back deployments only: their replica sets keep the old revisions.';
const refuse = { statefulset: why, daemonset: why };

type RollbackInput = WorkloadInput & { revision: number };

const change: ReversibleChange<RollbackInput> = {
  async change(workload, input, cluster) {
    const { images, template } = viewOf(workload);
    const target = (await replicaSetsOf(cluster, input, workload)).find(
      (set) => revisionOf(set) === input.revision,
    );
    const to = templateIn(target, `revision ${input.revision}`, input);
    return { workload: withTemplate(workload, to), depends: { images, template, to: templateHash(to) } };
  },
  remark: (before, after) => ({ summary: imageChanges(before.images, after.images) }),
  touches: ({ template }) => ({ template }),
  // The old template itself is not kept: it may hold values of the environment. Its replica set still has it.
  async putBack(workload, { template }, input, cluster) {
    const sets = await replicaSetsOf(cluster, input, workload);
    const old = sets.find(
      ({ spec }) => spec?.template !== undefined && templateHash(spec.template) === template,
    );
    return withTemplate(workload, templateIn(old, 'the revision before the rollback', input));
  },
};

export const rollback = defineOperation({
  ...writeParts(change, 'template'),
  id: 'kubernetes.rollback',
  version: 1,
  summary: 'Puts a deployment back to an earlier revision.',
  request: z.strictObject({
    name: z.string().optional(),
    revision: z.number().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: workloadInput.extend({ revision: z.number().int().positive() }),
  examples,
  undo: reversible(change),
  async resolve(request, reader) {
    if (request.name === undefined || request.name.trim() === '') return askRecentRollout(request, reader);
    const located = await locateWorkload(request, reader, 'roll back', refuse);
    if (located.kind !== 'located') return located;
    const { at, workload, cluster } = located;
    return chooseRevision(at, workload, cluster, request.revision);
  },
  assess: (input) => assessWorkload(input, 'update', ['runs other code']),
  describe: ({ namespace, name, environment, revision }) => ({
    title: `Roll deployment ${namespace}/${name} in ${environment} back to revision ${revision}`,
    byHand: `kubectl -n ${namespace} rollout undo deployment/${name} --to-revision=${revision}`,
  }),
});

/** "Previous" becomes a number: the highest revision below the present one. */
async function chooseRevision(
  at: WorkloadInput,
  workload: Workload,
  cluster: Cluster,
  asked: number | undefined,
): Promise<Resolution<RollbackInput>> {
  const present = revisionOf(workload);
  const others = (await replicaSetsOf(cluster, at, workload)).map(revisionOf).filter((it) => it !== present);
  const revision = asked ?? others.find((it) => it < present);
  if (revision === present) {
    return { kind: 'impossible', reason: `The ${wordsOf(at)} runs revision ${present} already.` };
  }
  if (revision !== undefined && others.includes(revision))
    return { kind: 'input', input: { ...at, revision } };
  const kept = others.length === 0 ? 'none' : others.join(', ');
  const which = revision === undefined ? 'no earlier revision' : `no revision ${revision}`;
  const reason = `The ${wordsOf(at)} has ${which}. It runs ${present}; older ones that are kept: ${kept}.`;
  return { kind: 'impossible', reason };
}

function templateIn(set: ReplicaSet | undefined, what: string, input: WorkloadInput): PodTemplate {
  const template = set?.spec?.template;
  if (template !== undefined) return template;
  throw new FaultError('world-changed', `The cluster no longer keeps ${what} of the ${wordsOf(input)}.`);
}

function withTemplate(workload: Workload, template: PodTemplate): Workload {
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {};
  const clean = { ...template, metadata: { ...template.metadata, labels } };
  return { ...workload, spec: { ...workload.spec, template: clean } } as Workload;
}

function imageChanges(
  before: { [container: string]: string },
  after: { [container: string]: string },
): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return 'the same images, another pod template';
  return changed.map((name) => `${name} ${before[name] ?? 'none'} → ${after[name] ?? 'none'}`).join(', ');
}

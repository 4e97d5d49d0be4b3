import { z } from 'zod';
import { defineOperation, type Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { examples } from './autoscale.examples.ts';
import { type Cluster, openCluster } from './client.ts';
import { type Ensured, ensureChanges, ensureParts, ensureUndo } from './ensure.ts';
import { kindNamed } from './kinds.ts';
import { locateWorkload } from './locate.ts';
import { kubeName } from './names.ts';
import { mostReplicas, refuseScaling } from './replicas.ts';
import { autoscalersOf } from './warnings.ts';
import type { Autoscaler, KubeObject } from './wire.ts';
import { readWorkload, templateOf, type WorkloadInput, wordsOf, workloadInput } from './workload.ts';
import { assessWorkload } from './write-parts.ts';

const count = z.number().int().min(1).max(mostReplicas);
const autoscaleInput = workloadInput.extend({
  /** What the autoscaler is called: the one that there is, else as the workload. */
  autoscaler: kubeName,
  min: count,
  max: count,
  cpu: z.number().int().min(1).max(1000),
});
type AutoscaleInput = z.infer<typeof autoscaleInput>;

const usualCpu = 80;
const kindNames = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' } as const;

const what: Ensured<AutoscaleInput> = {
  kind: kindNamed('HorizontalPodAutoscaler'),
  place: ({ namespace, autoscaler }) => ({ namespace, name: autoscaler }),
  wanted: (input) => autoscalerFor(input, input),
  view: (object) => viewOf(object as Autoscaler),
  async remark(before, after, input, cluster) {
    const range = (view: { [field: string]: unknown }) =>
      `${view['min']} to ${view['max']} at ${view['cpu']} % CPU`;
    const summary = before === null ? `new: ${range(after)}` : `${range(before)} → ${range(after)}`;
    return { summary, warnings: await warningsFor(input, cluster) };
  },
};

export const autoscale = defineOperation({
  ...ensureParts(what),
  id: 'kubernetes.autoscale',
  version: 1,
  summary: 'Sets up a horizontal pod autoscaler for a deployment or stateful set, or changes its bounds.',
  effect: 'update',
  request: z.strictObject({
    name: z.string().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    cpu: z.number().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: autoscaleInput,
  output: z.object({ object: z.string(), fields: z.record(z.string(), z.json()) }),
  examples,
  delivered: {
    changes: (input, reader) => ensureChanges(what, input, reader),
    verify: verifyAutoscaler,
  },
  undo: ensureUndo(what, (input, back) =>
    autoscalerFor(input, back as { min: number; max: number; cpu: number }),
  ),
  async resolve({ min, max, cpu, ...request }, reader) {
    const located = await locateWorkload(request, reader, 'autoscale', refuseScaling);
    if (located.kind !== 'located') return located;
    const { at, cluster } = located;
    const [known] = await autoscalersOf(cluster, at);
    const view = known === undefined ? undefined : viewOf(known);
    const most = max ?? view?.max;
    if (most === undefined || most === null) {
      const text = `How many replicas may the ${wordsOf(at)} have at most?`;
      const options = [5, 10, 20].map((each) => ({ label: `${each}`, patch: { max: each } }));
      return { kind: 'question', question: { text, field: 'max', options } };
    }
    const least = min ?? view?.min ?? 1;
    const input = {
      ...{ ...at, autoscaler: known?.metadata?.name ?? at.name },
      ...{ min: least, max: most, cpu: cpu ?? view?.cpu ?? usualCpu },
    };
    const parsed = autoscaleInput.safeParse(input);
    if (!parsed.success || least > most) {
      const reason = `${least} to ${most} replicas at ${input.cpu} % CPU cannot be: whole numbers from 1 to ${mostReplicas}, the least first.`;
      return { kind: 'impossible', reason };
    }
    return { kind: 'input', input: parsed.data };
  },
  assess: (input) =>
    assessWorkload(input, 'update', [`lets its size change between ${input.min} and ${input.max}`]),
  describe: (input) => ({
    title: `Autoscale ${wordsOf(input)} between ${input.min} and ${input.max}, at ${input.cpu} % CPU`,
    byHand: `kubectl -n ${input.namespace} autoscale ${input.kind}/${input.name} --min=${input.min} --max=${input.max} --cpu-percent=${input.cpu}`,
  }),
  verify: verifyAutoscaler,
  render: ({ object, fields: { min, max, cpu } }) => ({
    kind: 'text',
    text: `The ${object} keeps between ${min} and ${max} replicas, at ${cpu} % CPU.`,
  }),
});

function autoscalerFor(input: WorkloadInput, { min, max, cpu }: { min: number; max: number; cpu: number }) {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: kindNames[input.kind], name: input.name };
  const target = { type: 'Utilization', averageUtilization: cpu };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  const spec = { scaleTargetRef, minReplicas: min, maxReplicas: max, metrics };
  return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', spec } satisfies KubeObject;
}

function viewOf({ spec }: Autoscaler) {
  const cpu = spec?.metrics?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target;
  return {
    min: spec?.minReplicas ?? 1,
    max: spec?.maxReplicas ?? null,
    cpu: cpu?.averageUtilization ?? null,
    others: (spec?.metrics ?? []).filter(({ resource }) => resource?.name !== 'cpu').length,
    of: `${spec?.scaleTargetRef.kind}/${spec?.scaleTargetRef.name}`,
  };
}

async function warningsFor(input: AutoscaleInput, cluster: Cluster): Promise<string[]> {
  const workload = await readWorkload(cluster, input);
  const replicas = workload.spec?.replicas ?? 1;
  const warnings: string[] = [];
  if (replicas < input.min || replicas > input.max)
    warnings.push(
      `It has ${replicas} now: the autoscaler will move it to between ${input.min} and ${input.max}.`,
    );
  const containers = templateOf(workload).spec?.containers ?? [];
  const without = containers.filter(({ resources }) => resources?.requests?.['cpu'] === undefined);
  if (without.length > 0)
    warnings.push(
      `${without.map(({ name }) => name).join(', ')} requests no CPU: there is nothing to measure by.`,
    );
  const others = (await autoscalersOf(cluster, input)).find(
    ({ metadata }) => metadata?.name === input.autoscaler,
  );
  if (others !== undefined && viewOf(others).others > 0)
    warnings.push('It scales by other measures too; they are replaced by CPU alone.');
  return warnings;
}

async function verifyAutoscaler(input: AutoscaleInput, reader: Reader): Promise<Verification> {
  const cluster = openCluster(reader, input.connection);
  for (let tries = 0; ; tries += 1) {
    const found = (await autoscalersOf(cluster, input)).find(
      ({ metadata }) => metadata?.name === input.autoscaler,
    );
    if (found === undefined)
      return { state: 'failed', evidence: `The autoscaler ${input.autoscaler} is not there.` };
    const { min, max, cpu } = viewOf(found);
    if (min !== input.min || max !== input.max || cpu !== input.cpu)
      return { state: 'failed', evidence: `It keeps between ${min} and ${max} at ${cpu} % CPU.` };
    const able = found.status?.conditions?.find(({ type }) => type === 'AbleToScale');
    if (able?.status === 'False') return { state: 'failed', evidence: able.message ?? 'It cannot scale.' };
    if (able?.status === 'True') {
      const { currentReplicas, desiredReplicas } = found.status ?? {};
      const evidence = `It keeps between ${min} and ${max}; ${currentReplicas} now, ${desiredReplicas} wanted.`;
      return { state: 'healthy', evidence };
    }
    if (tries === 20) return { state: 'unclear', evidence: 'The autoscaler has not looked at it yet.' };
    await reader.sleep(500);
  }
}

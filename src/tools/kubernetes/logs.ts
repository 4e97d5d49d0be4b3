import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { findKind, objectPath } from './kinds.ts';
import { locateObject, workloadTable } from './locate.ts';
import { type LogLine, logLines } from './log-lines.ts';
import { examples } from './logs.examples.ts';
import { kubeName } from './names.ts';
import { podsOf } from './pods.ts';
import { assessRead, placeInput } from './read-place.ts';
import type { Pod } from './wire.ts';
import type { Workload } from './workload.ts';

const usualLines = 50;
const mostLines = 500;
const mostPods = 5;
const kindsWithLogs = ['pod', 'job'].flatMap((word) => findKind(word) ?? []);

const logsInput = placeInput.extend({
  namespace: kubeName,
  kind: z.string(),
  name: z.string(),
  lines: z.number().int().min(1).max(mostLines),
  sinceSeconds: z.number().int().positive().optional(),
});
type LogsInput = z.infer<typeof logsInput>;

export const logs = defineOperation({
  ...readParts,
  id: 'kubernetes.logs',
  version: 1,
  summary: 'Shows the last log lines of a pod or of the newest pods of a workload.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    lines: z.number().optional(),
    since: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: logsInput,
  output: z.object({
    lines: z.array(z.object({ pod: z.string(), time: z.string(), text: z.string() })),
    pods: z.number(),
  }),
  examples,
  connections: ['kubernetes'],
  sensitive: true,
  async resolve(request, reader) {
    const sinceSeconds = request.since === undefined ? undefined : parseDuration(request.since);
    if (request.since !== undefined && sinceSeconds === undefined) {
      return {
        kind: 'impossible',
        reason: `"${request.since}" is no length of time. Try "20m" or "2 hours".`,
      };
    }
    const kinds = [...workloadTable, ...kindsWithLogs];
    const sought = { kinds, noun: 'workload', verb: 'see logs of', firstKind: true };
    const located = await locateObject(request, reader, sought);
    if (located.kind !== 'located') return located;
    const { namespace, name, kind } = located.object;
    const since = sinceSeconds === undefined ? {} : { sinceSeconds: Math.ceil(sinceSeconds) };
    const wanted = request.lines ?? (sinceSeconds === undefined ? usualLines : mostLines);
    const lines = Math.min(mostLines, Math.max(1, Math.round(wanted)));
    return {
      kind: 'input',
      input: { ...located.place, namespace, kind: kind.singular, name, lines, ...since },
    };
  },
  assess: (input) => assessRead(input, `${input.kind}/${input.name}`),
  describe: ({ kind, namespace, name, environment, lines, sinceSeconds }) => ({
    title: `Show logs of ${kind} ${namespace}/${name} in ${environment}`,
    byHand: `kubectl -n ${namespace} logs ${kind}/${name} --tail=${lines}${sinceSeconds === undefined ? '' : ` --since=${sinceSeconds}s`}`,
  }),
  async execute(input, reader) {
    const cluster = openCluster(reader, input.connection);
    const pods = await podsFor(input, cluster);
    return { lines: await logLines(cluster, pods.slice(0, mostPods), input), pods: pods.length };
  },
  render({ lines, pods }, { kind, namespace, name }) {
    if (pods === 0) return { kind: 'text', text: `The ${kind} ${namespace}/${name} has no pods.` };
    if (lines.length === 0)
      return { kind: 'text', text: `The log of ${kind} ${namespace}/${name} is empty.` };
    const shown = Math.min(pods, mostPods);
    const note =
      shown < pods ? `the ${shown} newest of ${pods} pods` : `${pods === 1 ? '1 pod' : `${pods} pods`}`;
    return { kind: 'lines', lines: lines.map((line) => lineText(line, pods > 1)), note };
  },
});

async function podsFor(input: LogsInput, cluster: ReturnType<typeof openCluster>): Promise<Pod[]> {
  const kind = findKind(input.kind);
  if (kind === undefined) return [];
  const path = objectPath(kind, input.name, input.namespace);
  if (kind.kind === 'Pod') return [await cluster.get<Pod>(path)];
  return podsOf(cluster, input.namespace, await cluster.get<Workload>(path));
}

/** Pods of one workload differ in the end of their names. */
function lineText({ pod, text }: LogLine, several: boolean): string {
  return several ? `${pod.split('-').slice(-2).join('-')}  ${text}` : text;
}

import { z } from 'zod';
import type { EgressRule, ExecuteContext, Preview, Rendered } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { Assessment } from '../../domain/risk.ts';
import { changeLanded, executeChange, previewChange, type WorkloadChange } from './change.ts';
import { openCluster } from './client.ts';
import { followRollout } from './rollout.ts';
import { type View, viewOf, type Workload, type WorkloadInput, workloadPath } from './workload.ts';

export const writeOutput = z.object({
  workload: z.string(),
  replicas: z.number().nullable(),
  images: z.record(z.string(), z.string()),
});
export type WriteOutput = z.infer<typeof writeOutput>;

/** The members that every change of a workload shares. `keeps` is the field that tells whether it still stands. */
export function writeParts<Input extends WorkloadInput>(
  what: WorkloadChange<Input>,
  keeps: 'replicas' | 'template',
) {
  return {
    output: writeOutput,
    effect: 'update' as const,
    // The key is written with the change, so the same key never changes anything twice.
    repeat: 'safe-with-key' as const,
    previews: 'dry-run' as const,
    connections: ['kubernetes'] as const,
    stop: { signal: 'SIGTERM' as const, graceSeconds: 5 },
    limits: { seconds: 120, memoryMb: 256 },
    preview: (input: Input, reader: Reader, previous?: Preview) =>
      previewChange(what, input, reader, previous),
    egress: (input: Input): readonly EgressRule[] => [
      { connection: input.connection, method: 'PATCH', path: workloadPath(input) },
    ],
    execute: async (input: Input, writer: Writer, context: ExecuteContext) =>
      outputOf(input, await executeChange(what, input, writer, context)),
    landed: (input: Input, reader: Reader, context: ExecuteContext) =>
      changeLanded(what, input, reader, context),
    verify: (input: Input, reader: Reader, { approved }: ExecuteContext) => {
      const left = approved?.after as Partial<View> | undefined;
      const kept = (view: View) => left === undefined || left[keeps] === view[keeps];
      return followRollout(openCluster(reader, input.connection), input, kept);
    },
    render: renderWrite,
  };
}

/** What typed input says about a write on one workload. */
export function assessWorkload(
  { clusterUid, namespace, kind, name, environment }: WorkloadInput,
  effect: Assessment['effect'],
  reasons: readonly string[],
): Assessment {
  return {
    effect,
    targets: [`k8s:${clusterUid}/${namespace}/${kind}/${name}`],
    environment,
    place: `${environment}/${namespace}`,
    objects: 1,
    reasons,
  };
}

function outputOf({ kind, namespace, name }: WorkloadInput, workload: Workload): WriteOutput {
  const { replicas, images } = viewOf(workload);
  return { workload: `${kind} ${namespace}/${name}`, replicas, images };
}

function renderWrite({ workload, replicas, images }: WriteOutput): Rendered {
  const count = replicas === null ? '' : `, ${replicas} replicas`;
  return { kind: 'text', text: `${workload}${count}: ${Object.values(images).join(', ')}` };
}

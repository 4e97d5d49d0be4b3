import { canonicalJson, type Json } from '../../domain/json.ts';
import type { ObjectChange } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { WorkloadChange } from './change.ts';
import { type Cluster, openCluster } from './client.ts';
import { whileItMoves, write } from './guarded-write.ts';
import { kindNamed } from './kinds.ts';
import { apiVersionOf } from './manifest-text.ts';
import { followRollout } from './rollout.ts';
import { ownFields } from './touched.ts';
import type { KubeObject } from './wire.ts';
import { readWorkload, type WorkloadInput, wordsOf } from './workload.ts';

type Named = { kind: string; namespace?: string | undefined; name: string };

/** A workload's change as files hold it: what the dry run of the very write would make of the object. */
export function deliveredWorkload<Input extends WorkloadInput>(what: WorkloadChange<Input>) {
  return {
    changes: (input: Input, reader: Reader) => {
      const cluster = openCluster(reader, input.connection);
      return whileItMoves(wordsOf(input), async () => {
        const live = await readWorkload(cluster, input);
        const { workload } = await what.change(live, input, cluster);
        const answer = await write(cluster, input, live, workload, { mark: 'preview', dryRun: true });
        const kind = live.kind ?? kindOfWorkload[input.kind];
        return changeOf({ ...input, kind }, live, answer);
      });
    },
    verify: (input: Input, reader: Reader) =>
      followRollout(openCluster(reader, input.connection), input, () => true),
  };
}

const kindOfWorkload = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
} as const;

/** What differs between two states of one object, as a list of one or none. */
export function changeOf(
  { kind, namespace, name }: Named,
  live: KubeObject | undefined,
  wanted: KubeObject | undefined,
): ObjectChange[] {
  const before = live === undefined ? null : ownFields(live);
  const after = wanted === undefined ? null : ownFields(wanted);
  if (canonicalJson(before as Json) === canonicalJson(after as Json)) return [];
  const place = namespace === undefined ? {} : { namespace };
  return [{ apiVersion: apiVersionOf(kindNamed(kind)), kind, ...place, name, before, after }];
}

/** Whether changes of these clusters come by files: whoever delivers them is then nobody to be warned of. */
export function comesByFiles({ reader, connection }: Cluster): boolean {
  return reader.environments.some(
    ({ name, gitops }) => name === connection.environment && gitops !== undefined,
  );
}

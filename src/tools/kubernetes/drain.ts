import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import { type Cluster, evictionPath, openCluster } from './client.ts';
import { examples } from './drain.examples.ts';
import { lastStepKey, refuseChanged, whileItMoves } from './guarded-write.ts';
import { kubeName } from './names.ts';
import {
  assessNode,
  isUnschedulable,
  locateNode,
  nodeInput,
  nodePath,
  nodeRequest,
  readNode,
  schedulingUndo,
  setUnschedulable,
  uidOfNode,
  wordsOfNode,
} from './node.ts';
import { isEnding, nameOf, type PodName, podsOn, textOf, withEmptyDir } from './node-pods.ts';

const mostPods = 250;
/** Between two attempts at what a disruption budget does not allow yet, in milliseconds. */
const againMs = 2_000;

const drainInput = nodeInput.extend({
  /** The pods that are moved away, as they were when it was asked for. */
  pods: z.array(z.strictObject({ namespace: kubeName, name: kubeName })).max(mostPods),
});
type DrainInput = z.infer<typeof drainInput>;

export const drain = defineOperation({
  id: 'kubernetes.drain',
  version: 1,
  summary: 'Moves all pods away from a node, as their disruption budgets allow, and keeps new ones off.',
  request: nodeRequest,
  input: drainInput,
  output: z.object({ node: z.string(), evicted: z.number() }),
  effect: 'update',
  repeat: 'safe-with-key',
  previews: 'dry-run',
  examples,
  connections: ['kubernetes'],
  stop: { signal: 'SIGTERM', graceSeconds: 10 },
  limits: { seconds: 900, memoryMb: 256 },
  undo: schedulingUndo<DrainInput>(true),
  async resolve(request, reader) {
    const located = await locateNode(request, reader, 'drain');
    if (located.kind !== 'located') return located;
    const { evicted, alone } = await podsOn(located.cluster, located.at);
    if (alone.length > 0) {
      const names = alone.map(textOf).join(', ');
      const reason = `Nothing would start these pods again: ${names}. Delete or move them first.`;
      return { kind: 'impossible', reason };
    }
    if (evicted.length > mostPods)
      return {
        kind: 'impossible',
        reason: `${evicted.length} pods run there; at most ${mostPods} are moved at once.`,
      };
    const pods = evicted.map(nameOf).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    return { kind: 'input', input: { ...located.at, pods } };
  },
  assess: (input) =>
    assessNode(input, Math.max(1, input.pods.length), [`moves ${inPods(input.pods.length)} to other nodes`]),
  describe: (input) => ({
    title: `Drain ${wordsOfNode(input)} of ${inPods(input.pods.length)}`,
    byHand: `kubectl drain ${input.name} --ignore-daemonsets --delete-emptydir-data`,
  }),
  preview: previewDrain,
  egress: (input) => [
    { connection: input.connection, method: 'PATCH', path: nodePath(input) },
    ...input.pods.map(({ namespace, name }) => {
      return { connection: input.connection, method: 'POST', path: evictionPath(namespace, name) };
    }),
  ],
  async execute(input, writer, { approved, idempotencyKey }) {
    if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
    const cluster = openCluster(writer, input.connection);
    await whileItMoves(wordsOfNode(input), async () => {
      const live = await readNode(cluster, input);
      if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return;
      refuseChanged(wordsOfNode(input), approved.fingerprint, { uid: uidOfNode(live) });
      await setUnschedulable(cluster, input, live, {
        unschedulable: true,
        mark: idempotencyKey,
        dryRun: false,
      });
    });
    await evictAll(cluster, input, writer);
    return { node: input.name, evicted: input.pods.length };
  },
  async landed(input, reader, { idempotencyKey }) {
    const cluster = openCluster(reader, input.connection);
    const live = await readNode(cluster, input);
    if (live.metadata?.annotations?.[lastStepKey] !== idempotencyKey) return 'no';
    // Begun and not ended: it is safe to go on with.
    const rest = await stillThere(cluster, input);
    if (rest.length === 0) return 'yes';
    return rest.every(({ ending }) => ending) ? 'unclear' : 'no';
  },
  async verify(input, reader) {
    const cluster = openCluster(reader, input.connection);
    const live = await readNode(cluster, input);
    const { evicted, left } = await podsOn(cluster, input);
    if (!isUnschedulable(live)) return { state: 'failed', evidence: `${input.name} takes new pods again.` };
    if (evicted.length > 0)
      return {
        state: 'failed',
        evidence: `Still there: ${evicted.map((pod) => textOf(nameOf(pod))).join(', ')}.`,
      };
    const stay =
      left.length === 0 ? '' : ` ${inPods(left.length)} of daemon sets and of the node itself stay.`;
    return { state: 'healthy', evidence: `${inPods(input.pods.length)} moved away.${stay}` };
  },
  render: ({ node, evicted }) => ({
    kind: 'text',
    text: `${node} is drained: ${inPods(evicted)} moved away.`,
  }),
});

/** Asks the server for each eviction what it would say; a budget that does not allow it now is waited for. */
async function previewDrain(input: DrainInput, reader: Reader) {
  const cluster = openCluster(reader, input.connection);
  const live = await readNode(cluster, input);
  await setUnschedulable(cluster, input, live, { unschedulable: true, mark: 'preview', dryRun: true });
  const { evicted, left } = await podsOn(cluster, input);
  const answers = await Promise.all(
    input.pods.map(async (pod) => ({ pod, answer: await cluster.evict(pod.namespace, pod.name, true) })),
  );
  const waiting = answers.filter(({ answer }) => answer === 'wait').map(({ pod }) => textOf(pod));
  const folders = withEmptyDir(evicted).map(textOf);
  const warnings = [
    ...(waiting.length > 0
      ? [`A disruption budget holds back for now: ${waiting.join(', ')}; it is waited for.`]
      : []),
    ...(folders.length > 0 ? [`What these keep in an emptyDir is lost: ${folders.join(', ')}.`] : []),
    ...(left.length > 0 ? [`Stays: ${left.map(textOf).join(', ')} (daemon sets, or the node's own).`] : []),
  ];
  return {
    kind: 'dry-run' as const,
    before: { unschedulable: isUnschedulable(live), pods: input.pods.map(textOf) },
    after: { unschedulable: true, pods: [] },
    fingerprint: { uid: uidOfNode(live) },
    summary: `${inPods(input.pods.length)} moved away, then nothing new`,
    warnings,
    raises: [],
    server: input.clusterUid,
  };
}

async function evictAll(cluster: Cluster, input: DrainInput, writer: Writer): Promise<void> {
  for (;;) {
    const rest = await stillThere(cluster, input);
    writer.report(`${input.pods.length - rest.length} of ${inPods(input.pods.length)} moved away`);
    if (rest.length === 0) return;
    const staying = rest.filter(({ ending }) => !ending);
    await Promise.all(staying.map(({ namespace, name }) => cluster.evict(namespace, name, false)));
    await writer.sleep(againMs);
  }
}

/** Those of the approved pods that run on the node: one of the same name elsewhere is another. */
async function stillThere(cluster: Cluster, input: DrainInput): Promise<(PodName & { ending: boolean })[]> {
  const { evicted } = await podsOn(cluster, input);
  const approved = new Set(input.pods.map(textOf));
  return evicted
    .map((pod) => ({ ...nameOf(pod), ending: isEnding(pod) }))
    .filter((pod) => approved.has(textOf(pod)));
}

function inPods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

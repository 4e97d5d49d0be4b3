import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type OperationId, type Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openCluster } from './client.ts';
import { lastStepKey, refuseChanged, whileItMoves } from './guarded-write.ts';
import {
  assessNode,
  inWords,
  isUnschedulable,
  locateNode,
  type NodeInput,
  nodeInput,
  nodePath,
  nodeRequest,
  readNode,
  schedulingUndo,
  setUnschedulable,
  uidOfNode,
  wordsOfNode,
} from './node.ts';
import type { Node } from './wire.ts';

type About = {
  id: OperationId;
  verb: 'cordon' | 'uncordon';
  summary: string;
  examples: readonly { request: string; params: { [field: string]: string } }[];
};

/** Marks a node so that new pods do, or do not, come onto it; pods that run there stay. */
export function schedulingOperation(unschedulable: boolean, { id, verb, summary, examples }: About) {
  const fingerprintOf = (live: Node) => ({ uid: uidOfNode(live), unschedulable: isUnschedulable(live) });
  return defineOperation({
    id,
    version: 1,
    summary,
    request: nodeRequest,
    input: nodeInput,
    output: z.object({ node: z.string(), unschedulable: z.boolean() }),
    effect: 'update',
    repeat: 'safe-with-key',
    previews: 'dry-run',
    examples,
    connections: ['kubernetes'],
    stop: { signal: 'SIGTERM', graceSeconds: 5 },
    limits: { seconds: 60, memoryMb: 256 },
    undo: schedulingUndo<NodeInput>(unschedulable),
    async resolve(request, reader) {
      const located = await locateNode(request, reader, verb);
      return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
    },
    assess: (input) =>
      assessNode(input, 1, [
        unschedulable ? 'keeps new pods away from the node' : 'lets pods come onto the node',
      ]),
    describe: (input) => ({
      title: `${unschedulable ? 'Cordon' : 'Uncordon'} ${wordsOfNode(input)}`,
      byHand: `kubectl ${verb} ${input.name}`,
    }),
    async preview(input, reader) {
      const cluster = openCluster(reader, input.connection);
      const live = await readNode(cluster, input);
      await setUnschedulable(cluster, input, live, { unschedulable, mark: 'preview', dryRun: true });
      const before = isUnschedulable(live);
      return {
        kind: 'dry-run',
        before: { unschedulable: before },
        after: { unschedulable },
        fingerprint: fingerprintOf(live),
        summary: inWords(before, unschedulable),
        warnings: before === unschedulable ? ['It is so already.'] : [],
        raises: [],
        server: input.clusterUid,
      };
    },
    egress: (input) => [{ connection: input.connection, method: 'PATCH', path: nodePath(input) }],
    async execute(input, writer, { approved, idempotencyKey }) {
      if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
      const cluster = openCluster(writer, input.connection);
      await whileItMoves(wordsOfNode(input), async () => {
        const live = await readNode(cluster, input);
        if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return;
        refuseChanged(wordsOfNode(input), approved.fingerprint, fingerprintOf(live));
        await setUnschedulable(cluster, input, live, { unschedulable, mark: idempotencyKey, dryRun: false });
      });
      return { node: input.name, unschedulable };
    },
    async landed(input, reader, { approved, idempotencyKey }) {
      const live = await readNode(openCluster(reader, input.connection), input);
      if (live.metadata?.annotations?.[lastStepKey] === idempotencyKey) return 'yes';
      const before = approved?.before as { unschedulable?: boolean } | undefined;
      return before?.unschedulable === isUnschedulable(live) ? 'no' : 'unclear';
    },
    verify: (input, reader) => isMarked(input, reader, unschedulable),
    render: ({ node, unschedulable: marked }) => ({
      kind: 'text',
      text: `${node} is ${marked ? 'cordoned' : 'uncordoned'}.`,
    }),
  });
}

async function isMarked(input: NodeInput, reader: Reader, wanted: boolean): Promise<Verification> {
  const now = isUnschedulable(await readNode(openCluster(reader, input.connection), input));
  const evidence = `${input.name} is ${now ? 'unschedulable' : 'schedulable'}.`;
  return { state: now === wanted ? 'healthy' : 'failed', evidence };
}

import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Assessment } from '../../domain/risk.ts';
import type { Unlocated } from './ask-object.ts';
import { type Cluster, openCluster } from './client.ts';
import { lastStepKey, refuseChanged, whileItMoves } from './guarded-write.ts';
import { kinds } from './kinds.ts';
import { locateObject } from './locate.ts';
import { kubeName } from './names.ts';
import type { Node } from './wire.ts';

export const nodeInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  name: kubeName,
});
export type NodeInput = z.infer<typeof nodeInput>;

export const nodeRequest = z.strictObject({
  name: z.string().optional(),
  environment: z.string().optional(),
});

const nodeKinds = kinds.filter(({ kind }) => kind === 'Node');

/** The one node that a request means. */
export async function locateNode(
  request: z.infer<typeof nodeRequest>,
  reader: Reader,
  verb: string,
): Promise<{ kind: 'located'; at: NodeInput; cluster: Cluster } | Unlocated> {
  const located = await locateObject(request, reader, { kinds: nodeKinds, noun: 'node', verb });
  if (located.kind !== 'located') return located;
  return { kind: 'located', at: { ...located.place, name: located.object.name }, cluster: located.cluster };
}

export function nodePath({ name }: NodeInput): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}

export function wordsOfNode({ name, environment }: NodeInput): string {
  return `node ${name} in ${environment}`;
}

/** @throws FaultError `not-found` in words, when it is gone. */
export async function readNode(cluster: Cluster, input: NodeInput): Promise<Node> {
  const found = await cluster.find<Node>(({ core }) => core.readNode(input.name));
  if (found !== undefined) return found;
  throw new FaultError('not-found', `The ${wordsOfNode(input)} does not exist (any more).`);
}

export function isUnschedulable({ spec }: Node): boolean {
  return spec?.unschedulable === true;
}

export function uidOfNode({ metadata }: Node): string {
  return metadata?.uid ?? '';
}

/** Marks the node, on exactly the version that was read. `mark` is the step that does so, where one does. */
export function setUnschedulable(
  cluster: Cluster,
  input: NodeInput,
  live: Node,
  wanted: { unschedulable: boolean; mark?: string; dryRun: boolean },
): Promise<Node> {
  const { unschedulable, mark, dryRun } = wanted;
  const annotations = mark === undefined ? {} : { annotations: { [lastStepKey]: mark } };
  const metadata = { ...annotations, resourceVersion: live.metadata?.resourceVersion };
  // What is schedulable has no such field.
  const spec = { unschedulable: unschedulable ? true : null };
  return cluster.patch<Node>(nodePath(input), { metadata, spec }, dryRun);
}

export function assessNode(
  { clusterUid, name, environment }: NodeInput,
  objects: number,
  reasons: readonly string[],
): Assessment {
  return {
    effect: 'update',
    targets: [`k8s:${clusterUid}/node/${name}`],
    environment,
    place: environment,
    objects,
    reasons,
  };
}

/** What was there before: whether pods were scheduled on the node, and how the write leaves it. */
export type NodeUndo = { uid: string; back: boolean; left: boolean };

/** Puts back whether pods are scheduled on the node. Pods that were moved away stay where they are. */
export function schedulingUndo<Input extends NodeInput>(left: boolean): UndoContract<Input, NodeUndo> {
  return {
    kind: 'reversible',
    async capture(input, reader) {
      const live = await readNode(openCluster(reader, input.connection), input);
      return { uid: uidOfNode(live), back: isUnschedulable(live), left };
    },
    async previewRestore(input, undo, reader) {
      const cluster = openCluster(reader, input.connection);
      const live = await readNode(cluster, input);
      refuseOther(input, undo, live);
      const now = isUnschedulable(live);
      await setUnschedulable(cluster, input, live, { unschedulable: undo.back, dryRun: true });
      return {
        kind: 'dry-run',
        before: { unschedulable: now },
        after: { unschedulable: undo.back },
        fingerprint: { uid: undo.uid, unschedulable: now },
        summary: now === undo.back ? 'Already as it was before.' : inWords(now, undo.back),
        warnings: [],
        raises: [],
        server: input.clusterUid,
      };
    },
    async restore(input, undo, writer) {
      const cluster = openCluster(writer, input.connection);
      await whileItMoves(wordsOfNode(input), async () => {
        const live = await readNode(cluster, input);
        refuseOther(input, undo, live);
        if (isUnschedulable(live) === undo.back) return;
        await setUnschedulable(cluster, input, live, { unschedulable: undo.back, dryRun: false });
      });
    },
    async verifyRestored(input, undo, reader) {
      const now = isUnschedulable(await readNode(openCluster(reader, input.connection), input));
      const evidence = `${input.name} is ${now ? 'unschedulable' : 'schedulable'}.`;
      return { state: now === undo.back ? 'healthy' : 'failed', evidence };
    },
  };
}

export function inWords(before: boolean, after: boolean): string {
  const word = (unschedulable: boolean) => (unschedulable ? 'unschedulable' : 'schedulable');
  return `${word(before)} → ${word(after)}`;
}

/** A node of the same name that was made anew, or that somebody marked otherwise since, is left as it is. */
function refuseOther(input: NodeInput, { uid, back, left }: NodeUndo, live: Node): void {
  const now = isUnschedulable(live);
  if (uidOfNode(live) === uid && (now === left || now === back)) return;
  refuseChanged(
    wordsOfNode(input),
    { uid, unschedulable: left },
    { uid: uidOfNode(live), unschedulable: now },
  );
}

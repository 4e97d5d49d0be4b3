import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import { defineOperation, type Preview } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Cluster, openCluster } from './client.ts';
import { examples } from './delete.examples.ts';
import { changeOf } from './delivered.ts';
import { controllerOf } from './find-object.ts';
import { contentsOf, dependentsOf } from './goes-along.ts';
import { refuseChanged } from './guarded-write.ts';
import { kindNamed, listPath } from './kinds.ts';
import { manifestOf } from './manifest.ts';
import {
  locateNamed,
  type NamedInput,
  namedInput,
  namedRequest,
  pathOfNamed,
  targetOfNamed,
  wordsOfNamed,
} from './named-object.ts';
import { ownerWarnings } from './owners.ts';
import { recreate } from './recreate.ts';
import type { KubeObject } from './wire.ts';

const mostNamed = 10;
const goneMilliseconds = 60_000;

const deleteInput = namedInput.extend({
  /** Something else makes it again by itself. */
  controlled: z.boolean(),
  /** What people put into it, that goes too; for namespaces. */
  holds: z.number().int().min(0),
});
type DeleteInput = z.infer<typeof deleteInput>;

/** What the cluster itself needs. */
const ownNamespaces = /^(kube-.*|default)$/;

export const deleteObject = defineOperation({
  id: 'kubernetes.delete',
  version: 1,
  summary: 'Deletes one resource, and with it what it owns.',
  request: namedRequest,
  input: deleteInput,
  output: z.object({ deleted: z.string() }),
  effect: 'delete',
  repeat: 'safe',
  previews: 'dry-run',
  examples,
  connections: ['kubernetes'],
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: 120, memoryMb: 256 },
  undo: recreate<DeleteInput>(irreversible),
  async resolve(request, reader) {
    const located = await locateNamed(request, reader, { verb: 'delete' });
    if (located.kind !== 'located') return located;
    const { at, cluster } = located;
    const reason = refusal(at);
    if (reason !== undefined) return { kind: 'impossible', reason };
    const live = await cluster.get(pathOfNamed(at));
    const holds = at.kind === 'Namespace' ? (await contentsOf(cluster, at.name)).length : 0;
    return { kind: 'input', input: { ...at, controlled: controllerOf(live) !== undefined, holds } };
  },
  assess: (input) => ({
    effect: 'delete',
    targets: [targetOfNamed(input)],
    environment: input.environment,
    place:
      input.kind === 'Namespace' || input.namespace !== undefined
        ? `${input.environment}/${input.namespace ?? input.name}`
        : input.environment,
    objects: 1 + input.holds,
    reasons: [input.holds > 0 ? `deletes it and ${input.holds} things in it` : 'deletes it'],
  }),
  describe: (input) => ({
    title: `Delete ${wordsOfNamed(input)}`,
    byHand: `kubectl ${input.namespace === undefined ? '' : `-n ${input.namespace} `}delete ${input.kind.toLowerCase()} ${input.name}`,
  }),
  preview: previewDelete,
  egress: (input) => [
    { connection: input.connection, method: 'DELETE', path: pathOfNamed(input) },
    { connection: input.connection, method: 'POST', path: listPath(kindNamed(input.kind), input.namespace) },
  ],
  async execute(input, writer, { approved }) {
    if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
    const cluster = openCluster(writer, input.connection);
    const live = await cluster.find(pathOfNamed(input));
    // Deleted by an earlier try, or by somebody else: as wanted.
    if (live !== undefined && live.metadata?.deletionTimestamp === undefined) {
      refuseChanged(wordsOfNamed(input), approved.fingerprint, await fingerprintOf(cluster, input, live));
      await cluster.remove(pathOfNamed(input), live.metadata?.uid ?? '', false);
    }
    return { deleted: wordsOfNamed(input) };
  },
  async landed(input, reader, { approved }) {
    const live = await openCluster(reader, input.connection).find(pathOfNamed(input));
    if (live === undefined || live.metadata?.deletionTimestamp !== undefined) return 'yes';
    const { uid } = (approved?.fingerprint ?? {}) as { uid?: string };
    return uid === live.metadata?.uid ? 'no' : 'unclear';
  },
  delivered: {
    async changes(input, reader) {
      const cluster = openCluster(reader, input.connection);
      const live = await cluster.find(pathOfNamed(input));
      if (live === undefined) return [];
      await cluster.remove(pathOfNamed(input), live.metadata?.uid ?? '', true);
      return changeOf(input, live, undefined);
    },
    verify: (input, reader) => untilGone(input, reader, undefined),
  },
  verify: (input, reader, { approved }) => untilGone(input, reader, approved),
  render: ({ deleted }) => ({ kind: 'text', text: `Deleted the ${deleted}.` }),
});

function refusal({ kind, name }: NamedInput): string | undefined {
  if (kind === 'Namespace' && ownNamespaces.test(name))
    return `The namespace ${name} belongs to the cluster itself; Reign does not delete it.`;
  if (kind === 'Event') return 'Events go by themselves.';
  return undefined;
}

function irreversible({ kind, controlled }: DeleteInput): string | undefined {
  if (controlled) return 'what controls it makes another one by itself';
  switch (kind) {
    case 'Namespace':
      return 'what was in the namespace is not kept';
    case 'PersistentVolumeClaim':
    case 'PersistentVolume':
      return 'the data on the volume may be gone with it';
    case 'Node':
      return 'a node registers itself';
    default:
      return undefined;
  }
}

async function previewDelete(input: DeleteInput, reader: Reader): Promise<Preview> {
  const cluster = openCluster(reader, input.connection);
  const live = await cluster.find(pathOfNamed(input));
  if (live === undefined)
    throw new FaultError('not-found', `The ${wordsOfNamed(input)} does not exist (any more).`);
  await cluster.remove(pathOfNamed(input), live.metadata?.uid ?? '', true);
  const along = await goesAlong(cluster, input, live);
  const reason = irreversible(input);
  const warnings = [
    ...(along.length > 0 ? [`With it go: ${shortList(along)}.`] : []),
    ...(reason === undefined ? [] : [`It cannot be undone: ${reason}.`]),
    ...ownerWarnings(cluster, live.metadata),
  ];
  const uid = live.metadata?.uid ?? '';
  return {
    kind: 'dry-run',
    before: { object: wordsOfNamed(input), uid, along: [...along] },
    after: null,
    fingerprint: await fingerprintOf(cluster, input, live),
    summary: along.length > 0 ? `deletes it, and ${along.length} with it` : 'deletes it',
    warnings,
    raises: [],
    server: input.clusterUid,
  };
}

function goesAlong(cluster: Cluster, input: DeleteInput, live: KubeObject): Promise<string[]> {
  if (input.kind === 'Namespace') return contentsOf(cluster, input.name);
  if (input.namespace === undefined) return Promise.resolve([]);
  return dependentsOf(cluster, input.namespace, live.metadata?.uid ?? '');
}

/** The very object and how it is written; for a namespace also what people have put into it. */
async function fingerprintOf(cluster: Cluster, input: DeleteInput, live: KubeObject) {
  const { apiVersion, kind, metadata: _metadata, ...fields } = manifestOf(live);
  const written = sha256(canonicalJson({ apiVersion, kind, ...fields } as Json)).slice(0, 16);
  const holds = input.kind === 'Namespace' ? { holds: await contentsOf(cluster, input.name) } : {};
  return { uid: live.metadata?.uid ?? '', written, ...holds };
}

async function untilGone(input: DeleteInput, reader: Reader, approved: Preview | undefined) {
  const cluster = openCluster(reader, input.connection);
  const { uid } = (approved?.fingerprint ?? {}) as { uid?: string };
  const started = reader.now().getTime();
  for (let wait = 200; ; wait = Math.min(2000, wait * 1.5)) {
    const live = await cluster.find(pathOfNamed(input));
    const another = live !== undefined && uid !== undefined && live.metadata?.uid !== uid;
    if (live === undefined) return { state: 'healthy' as const, evidence: 'It is gone.' };
    if (another)
      return { state: 'healthy' as const, evidence: 'It is gone; there is a new one of its name.' };
    if (reader.now().getTime() - started > goneMilliseconds) {
      const finalizers = (live.metadata?.finalizers ?? []).join(', ');
      const why = finalizers === '' ? '' : `, held by ${finalizers}`;
      return { state: 'unclear' as const, evidence: `It is still being deleted after a minute${why}.` };
    }
    reader.report('being deleted');
    await reader.sleep(wait);
  }
}

function shortList(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  return names.slice(0, mostNamed).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

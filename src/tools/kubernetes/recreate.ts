import { FaultError } from '../../domain/fault.ts';

import type { Preview, UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openCluster } from './client.ts';
import { kindNamed, listPath } from './kinds.ts';
import { manifestOf } from './manifest.ts';
import { type NamedInput, pathOfNamed, wordsOfNamed } from './named-object.ts';
import type { KubeObject } from './wire.ts';

/** The object as it was written, and its uid; kept sealed, for a manifest may hold secrets. */
export type DeletedObject = { uid: string; manifest: KubeObject };

const restoredKey = 'reign.dev/restored-from';

/**
 * Undo of a deletion: makes the object again from its manifest. Its history and state are new. Refused when there is
 * another one of its name by now.
 */
export function recreate<Input extends NamedInput>(
  unless: (input: Input) => string | undefined,
): UndoContract<Input, DeletedObject> {
  return {
    kind: 'reversible',
    unless,
    async capture(input, reader) {
      const live = await openCluster(reader, input.connection).get(pathOfNamed(input));
      return { uid: live.metadata?.uid ?? '', manifest: manifestOf(live) };
    },
    async previewRestore(input, undo, reader) {
      const { missing, made } = await make(input, undo, reader, true);
      return previewOf(input, missing, made);
    },
    async restore(input, undo, writer) {
      await make(input, undo, writer, false);
    },
    async verifyRestored(input, { uid }, reader) {
      const live = await openCluster(reader, input.connection).find(pathOfNamed(input));
      const good = live !== undefined && isOurs(live, uid);
      const evidence = `The ${wordsOfNamed(input)} is ${good ? 'there again' : 'not there as it was'}.`;
      return { state: good ? 'healthy' : 'failed', evidence };
    },
  };
}

async function make(input: NamedInput, { uid, manifest }: DeletedObject, reader: Reader, dryRun: boolean) {
  const cluster = openCluster(reader, input.connection);
  const live = await cluster.find(pathOfNamed(input));
  if (live !== undefined && isOurs(live, uid)) return { missing: false, made: live };
  if (live !== undefined) {
    const message = `There is another ${wordsOfNamed(input)} by now. Nothing was written.`;
    throw new FaultError('world-changed', message);
  }
  const annotations = { ...manifest.metadata?.annotations, [restoredKey]: uid };
  const object = { ...manifest, metadata: { ...manifest.metadata, annotations } };
  const collection = listPath(kindNamed(input.kind), input.namespace);
  return { missing: true, made: await cluster.create(collection, object, dryRun) };
}

/** The deleted one itself, should it be there after all, or the one that an earlier try has made. */
function isOurs({ metadata }: KubeObject, uid: string): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  return metadata?.uid === uid || metadata?.annotations?.[restoredKey] === uid;
}

function previewOf(input: NamedInput, missing: boolean, made: KubeObject): Preview {
  const { kind = '', metadata } = made;
  return {
    kind: 'dry-run',
    before: missing ? null : { kind, name: metadata?.name ?? '' },
    after: { kind, name: metadata?.name ?? '' },
    fingerprint: { missing },
    summary: missing ? `makes the ${wordsOfNamed(input)} again, as it was written` : 'Already there.',
    warnings: [],
    raises: [],
    server: input.clusterUid,
  };
}

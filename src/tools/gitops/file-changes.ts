import { posix } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import { isObject } from '../../domain/json.ts';
import type { ObjectChange } from '../../domain/operation.ts';
import { editText, withoutDocument } from './edit-text.ts';
import { editsBetween } from './edits.ts';
import { findObject, inWords, notFound } from './find-object.ts';
import type { Folder, SourceFile } from './folder.ts';
import { withoutResource, withResource } from './kustomize.ts';
import { written } from './yaml-text.ts';

/** A file before and after; null: there is none. */
export type FileChange = {
  path: string;
  mode: string;
  sha: string | null;
  before: string | null;
  after: string | null;
};

/**
 * What the files of a folder become by changes of objects. Objects are changed where they are written; a new one gets a
 * file of its own.
 * @throws FaultError `unsupported` in words for what no file holds, holds twice or holds already.
 */
export function fileChanges(folder: Folder, changes: readonly ObjectChange[]): FileChange[] {
  const files = new Map(folder.files);
  for (const change of changes) place({ ...folder, files }, change);
  const paths = [...new Set([...folder.files.keys(), ...files.keys()])];
  const found = paths.flatMap((path) => {
    const [before, after] = [folder.files.get(path), files.get(path)];
    if (before?.text === after?.text) return [];
    const { mode = '100644', sha = null } = before ?? {};
    return [{ path, mode, sha, before: before?.text ?? null, after: after?.text ?? null }];
  });
  if (found.length > 0) return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const objects = changes.map(inWords).join(', ');
  throw new FaultError(
    'unsupported',
    `The files below ${folder.words} say so already (${objects}): the cluster has not followed them yet.`,
  );
}

function place(folder: Folder, change: ObjectChange): void {
  if (change.kind === 'Secret')
    throw new FaultError(
      'unsupported',
      'Secrets do not belong into a repository: change this one where it is kept.',
    );
  const held = findObject(folder, change);
  const { before, after } = change;
  if (before === null && after !== null) {
    writeNew(folder, change, after, held?.path);
    return;
  }
  if (held === undefined) throw notFound(folder, change);
  const file = folder.files.get(held.path) as SourceFile;
  const text =
    before === null || after === null
      ? withoutDocument(file.text, held.at)
      : editText(file.text, held.at, editsBetween(before, after));
  if (text !== undefined) folder.files.set(file.path, { ...file, text });
  else {
    for (const changed of withoutResource(folder, file.path)) folder.files.set(changed.path, changed);
    folder.files.delete(file.path);
  }
}

function writeNew(
  folder: Folder,
  change: ObjectChange,
  { metadata, ...fields }: NonNullable<ObjectChange['after']>,
  held: string | undefined,
): void {
  const words = inWords(change);
  if (held !== undefined)
    throw new FaultError(
      'unsupported',
      `The ${words} is written in ${held} already: the cluster has not followed it yet.`,
    );
  const { apiVersion, kind, namespace, name } = change;
  const path = posix.join(folder.path, `${kind.toLowerCase()}-${name}.yaml`);
  if (folder.files.has(path))
    throw new FaultError('unsupported', `A file ${path} is there already, and does not hold the ${words}.`);
  const own = Object.entries(isObject(metadata) ? metadata : {}).filter(([, value]) => !isEmpty(value));
  const place = namespace === undefined ? { name } : { name, namespace };
  const object = { apiVersion, kind, metadata: { ...place, ...Object.fromEntries(own) }, ...fields };
  folder.files.set(path, { path, mode: '100644', sha: null, text: written(object) });
  const kustomization = withResource(folder, path);
  if (kustomization !== undefined) folder.files.set(kustomization.path, kustomization);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

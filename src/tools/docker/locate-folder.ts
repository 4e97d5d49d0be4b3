import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import type { Listing } from '../../domain/ports/files.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import type { Unplaced } from './place.ts';

/** A place below a configured folder, as a connection and a path; `file` is the file that was named, if one was. */
export type FolderPlace = { folder: string; below: string; file: string | undefined };

/** A copy of such a place in the step's own folder. */
export type Copied = Listing & { into: string };

/**
 * The configured folder of an environment that holds what a person calls `path`. A path may begin with the folder's
 * name; one that several folders hold is a question.
 */
export async function locateFolder(
  path: string,
  environment: string,
  reader: Reader,
  holds: (listing: Listing, file: string | undefined) => boolean,
  what: string,
): Promise<({ kind: 'folder'; listing: Copied } & FolderPlace) | Unplaced> {
  const all = reader.environments.find(({ name }) => name === environment)?.connections ?? [];
  const folders = all.filter(({ kind }) => kind === 'folder');
  const names = folders.map(({ name }) => name);
  const where = `Reign reads only configured folders; ${environment} has ${names.length === 0 ? 'none' : names.join(', ')}.`;
  const parts = path
    .trim()
    .replace(/^\.\//, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (folders.length === 0 || /^[~/]/.test(path.trim()) || parts.includes('..'))
    return { kind: 'impossible', reason: `${where} Name a path below one.` };
  const found: ({ label: string; listing: Copied } & FolderPlace)[] = [];
  for (const { id, name } of folders) {
    for (const rest of new Set([parts, parts[0] === name ? parts.slice(1) : parts])) {
      const place = placeOf(id, rest);
      const listing = await copyOf(place, reader).catch(notThere);
      if (listing === undefined || !holds(listing, place.file)) continue;
      found.push({ label: [name, ...rest].join('/'), listing, ...place });
    }
  }
  const [only, ...others] = found;
  if (only === undefined) return { kind: 'impossible', reason: `There is no ${what} at "${path}". ${where}` };
  if (others.length === 0) return { kind: 'folder', ...only };
  const options = found.map(({ label }) => ({ label, patch: { path: label } }));
  return {
    kind: 'question',
    question: { text: `Several folders have "${path}". Which one?`, field: 'path', options },
  };
}

export async function copyOf({ folder, below }: Omit<FolderPlace, 'file'>, reader: Reader): Promise<Copied> {
  const into = await mkdtemp(join(reader.workFolder, 'folder-'));
  return { ...(await reader.copyFolder(folder, below, into)), into };
}

function placeOf(folder: string, parts: readonly string[]): FolderPlace {
  const last = parts.at(-1) ?? '';
  const isFile = /\.ya?ml$|^Dockerfile|\.Dockerfile$/i.test(last);
  return isFile
    ? { folder, below: parts.slice(0, -1).join('/'), file: last }
    : { folder, below: parts.join('/'), file: undefined };
}

function notThere(error: unknown): undefined {
  if (error instanceof FaultError && error.fault.code === 'not-found') return undefined;
  throw error;
}

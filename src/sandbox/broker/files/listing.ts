import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { FaultError } from '../../../domain/fault.ts';
import { canonicalJson, sha256 } from '../../../domain/json.ts';
import type { ListedFile, Listing } from '../../../domain/ports/files.ts';

/** What a folder for steps may hold at most. */
export const most = { files: 2000, bytes: 32 * 1024 * 1024 } as const;

/** Never handed to a step: history, state, caches, and what is likely to hold secrets. */
const hidden = [
  /^(\.git|\.terraform|node_modules|\.reign|\.ssh|\.aws|\.kube)$/,
  /\.tfstate(\..*)?$/,
  /^(\.env(\..*)?|\.netrc|\.npmrc|credentials|id_(rsa|ed25519))$/,
  /\.(pem|key|p12|pfx|jks)$/,
];

/**
 * The files below a configured folder, sorted, with a digest over names, modes and contents. Links that lead out of the
 * folder and anything that is neither file nor folder are left out, and so is what is likely to be secret.
 * @throws FaultError `not-found`, `too-large`
 */
export async function listFolder(root: string, below: string): Promise<Listing> {
  const top = await placeIn(root, below);
  const files: ListedFile[] = [];
  let bytes = 0;
  const walk = async (folder: string): Promise<void> => {
    const names = (await readdir(folder)).sort();
    for (const name of names) {
      if (hidden.some((pattern) => pattern.test(name))) continue;
      const path = join(folder, name);
      const about = await lstat(path);
      if (about.isDirectory()) await walk(path);
      if (!about.isFile()) continue;
      bytes += about.size;
      if (files.length >= most.files || bytes > most.bytes) throw tooLarge(root);
      const hash = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      const executable = (about.mode & 0o111) !== 0;
      files.push({
        path: relative(top, path).split(sep).join('/'),
        size: about.size,
        executable,
        sha256: hash,
      });
    }
  };
  await walk(top);
  return { files, digest: sha256(canonicalJson(files)) };
}

/** A file below a configured folder, as `listFolder` shows it. @throws FaultError `not-found` */
export async function readListed(root: string, below: string, path: string): Promise<Buffer> {
  const parts = path.split('/');
  if (parts.some((part) => hidden.some((pattern) => pattern.test(part)))) throw missing(path);
  const file = await placeIn(root, below === '' ? path : `${below}/${path}`);
  const about = await lstat(file);
  if (!about.isFile() || about.size > most.bytes) throw missing(path);
  return readFile(file);
}

/** The real place of a path below `root`; nothing leads out of it. */
async function placeIn(root: string, below: string): Promise<string> {
  const parts = below.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || below.includes('\0')) throw missing(below);
  const top = await realpath(root).catch(() => undefined);
  if (top === undefined) throw new FaultError('unreachable', `The configured folder ${root} does not exist.`);
  const place = await realpath(join(top, ...parts)).catch(() => undefined);
  if (place === undefined || (place !== top && !place.startsWith(top + sep))) throw missing(below);
  return place;
}

function missing(path: string): FaultError {
  return new FaultError('not-found', `There is no "${path}" in this folder.`);
}

function tooLarge(root: string): FaultError {
  const limit = `${most.files} files and ${most.bytes / 1024 / 1024} MB`;
  return new FaultError('too-large', `${root} holds more than ${limit}; name a folder with less in it.`);
}

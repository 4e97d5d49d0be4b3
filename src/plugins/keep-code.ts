import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeptCode } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import { canonicalJson, sha256 } from '../domain/json.ts';

const mostFiles = 10_000;
const mostBytes = 100 * 1024 * 1024;

/**
 * Copies a folder of code below `into`, to a folder named after the digest of all its files. What is loaded, and what
 * steps are shown, is the copy: it has the digest that approvals are bound to, whatever happens to the original.
 * `packageFile` is the text of the package.json of a folder that has none.
 * @throws FaultError `not-found`, `too-large`.
 */
export async function keepCode(folder: string, into: string, packageFile?: string): Promise<KeptCode> {
  const known = await stat(folder).catch(() => undefined);
  if (!known?.isDirectory()) throw new FaultError('not-found', `There is no folder ${folder}.`);
  await mkdir(into, { recursive: true });
  const draft = path.join(into, `.draft-${randomBytes(6).toString('hex')}`);
  try {
    await demandSmall(folder);
    // Links are followed: inside the sandbox nothing lies beside the copy.
    await cp(folder, draft, { recursive: true, dereference: true, filter: (from) => !left(from) });
    if (packageFile !== undefined)
      await writeFile(path.join(draft, 'package.json'), packageFile, { flag: 'wx' }).catch(() => undefined);
    await openUp(draft);
    const digest = await digestOf(draft);
    const kept = path.join(into, digest.slice(0, 32));
    if ((await digestOf(kept).catch(() => undefined)) === digest) return { folder: kept, digest };
    await rm(kept, { recursive: true, force: true });
    await rename(draft, kept);
    return { folder: kept, digest };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function left(from: string): boolean {
  return path.basename(from) === '.git';
}

async function demandSmall(folder: string): Promise<void> {
  const found = { files: 0, bytes: 0 };
  for await (const file of filesBelow(folder)) {
    found.files += 1;
    found.bytes += (await stat(file)).size;
    if (found.files > mostFiles || found.bytes > mostBytes)
      throw new FaultError(
        'too-large',
        `${folder} holds more than ${mostFiles} files or 100 MB. Bundle it, and leave out what only builds it.`,
      );
  }
}

/** A step runs as another account. */
async function openUp(place: string): Promise<void> {
  const known = await stat(place);
  const runs = known.isDirectory() || (known.mode & 0o111) !== 0;
  await chmod(place, runs ? 0o755 : 0o644);
  if (!known.isDirectory()) return;
  for (const name of await readdir(place)) await openUp(path.join(place, name));
}

async function digestOf(folder: string): Promise<string> {
  const files: [string, string][] = [];
  for await (const file of filesBelow(folder))
    files.push([path.relative(folder, file), sha256(await readFile(file))]);
  return sha256(canonicalJson(files.sort(([a], [b]) => (a < b ? -1 : 1))));
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (left(file)) continue;
    const kind = entry.isSymbolicLink() ? await stat(file) : entry;
    if (kind.isFile()) yield file;
    if (!kind.isDirectory()) continue;
    if (folder.length > 3000) throw new FaultError('too-large', `${folder} goes round in a circle.`);
    yield* filesBelow(file);
  }
}

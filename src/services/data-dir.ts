import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isObject } from '../domain/json.ts';
import { explainFileError, fileErrorCode, ServiceError } from './service-error.ts';

/**
 * Makes the data folder (and its logs folder) and proves that it can be written to.
 * Returns its real path. As root a new folder gets mode 0711: the unprivileged account that runs Postgres
 * must be able to pass through it; every secret in it is a file of mode 0600.
 */
export async function prepareDataDir(dataDir: string): Promise<string> {
  const wanted = resolve(dataDir);
  try {
    await mkdir(dirname(wanted), { recursive: true });
    await makeFolder(wanted, isRoot() ? 0o711 : 0o700);
    const folder = await realpath(wanted);
    await makeFolder(join(folder, 'logs'), 0o700);
    // A name of its own: several processes may try the folder at the same moment.
    const probe = join(folder, `.probe-${randomBytes(6).toString('hex')}`);
    await writePrivately(probe, 'can be written to\n');
    await rm(probe, { force: true });
    return folder;
  } catch (error) {
    throw explainFileError(error, wanted);
  }
}

/** Makes one folder with exactly this mode; one that is there already keeps its mode. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
    await chmod(folder, mode);
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
    if (!(await stat(folder)).isDirectory()) throw error;
  }
}

/** Writes a file only we can read, whole or not at all. */
export async function writePrivately(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw explainFileError(error, dirname(file));
  }
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code !== 'EACCES') throw error;
    throw new ServiceError(
      'data-of-another-user',
      `${file} belongs to another user. Start Reign as the user who made it, or choose another folder ` +
        'with --data DIR.',
      error,
    );
  }
}

/** A JSON object from a file; undefined when the file is missing or was cut short by a crash. */
export async function readRecord(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse((await readIfThere(file)) ?? 'null');
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether we are root, whom Postgres refuses. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

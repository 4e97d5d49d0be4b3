import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { FaultError } from '../../domain/fault.ts';
import { type Manager, textOrKey, valueAt } from './manager.ts';

const largestBytes = 1024 * 1024;

/**
 * Secrets in files of the worker, below folders that the configuration lists: who may name a secret must not read the
 * whole machine by it. A key is looked up in JSON or YAML.
 */
export function fileManager(folders: readonly string[]): Manager<'file'> {
  return async ({ path: file, key }) => {
    const where = `The file ${file}`;
    try {
      const real = await realpath(file);
      const allowed = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
      if (!allowed.some((folder) => real.startsWith(folder.replace(/\/*$/, path.sep))))
        throw new FaultError('not-allowed', `${where} is in no folder below vault.files in reign.yaml.`);
      const status = await stat(real);
      if (!status.isFile()) throw new FaultError('not-found', `${where} is no file.`);
      if (status.size > largestBytes) throw new FaultError('too-large', `${where} is larger than 1 MB.`);
      const text = (await readFile(real, 'utf8')).replace(/\r?\n$/, '');
      const value = key === undefined ? textOrKey(text, key, where) : valueAt(parsed(text), key, where);
      return { value, version: `${status.ino} of ${status.mtimeMs}` };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (error instanceof FaultError) throw error;
      const word = code === 'ENOENT' ? 'not-found' : code === 'EACCES' ? 'not-allowed' : 'unreachable';
      throw new FaultError(word, `${where} cannot be read on the worker: ${code ?? 'it is broken'}.`);
    }
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../domain/fault.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Runbook } from '../domain/runbook.ts';
import { type RunbookProblem, readRunbook } from './read-runbook.ts';

export { type RunbookProblem, readRunbook } from './read-runbook.ts';

/** Where the runbooks lie that Reign ships with; the same folder from the sources and from a bundle. */
export function shippedFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'src', 'runbooks', 'shipped');
}

/** Reads the `.yaml` files of folders; of two with one name, the later folder's stands. Throws FaultError `not-found`. */
export function readFolders(
  folders: readonly string[],
  catalogue: readonly AnyOperation[],
): { runbooks: Runbook[]; problems: RunbookProblem[] } {
  const byName = new Map<string, Runbook>();
  const problems: RunbookProblem[] = [];
  for (const folder of folders) {
    for (const file of filesIn(folder)) {
      const name = folder === shippedFolder() ? `shipped/${basename(file)}` : file;
      const read = readRunbook(readFileSync(file, 'utf8'), name, catalogue);
      problems.push(...read.problems);
      if (read.runbook) byName.set(read.runbook.name, read.runbook);
    }
  }
  return { runbooks: [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

/** The shipped runbooks and one's own. Throws FaultError `bad-request` with every problem, its file and line. */
export function loadRunbooks(folders: readonly string[], catalogue: readonly AnyOperation[]): Runbook[] {
  const { runbooks, problems } = readFolders([shippedFolder(), ...folders], catalogue);
  if (problems.length === 0) return runbooks;
  const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  throw new FaultError('bad-request', `Runbooks cannot be used:\n${lines.join('\n')}`);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    throw new FaultError('not-found', `The folder of runbooks ${folder} cannot be read.`, { cause: error });
  }
}

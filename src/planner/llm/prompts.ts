import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';

export type Prompts = { system: string; end: string /** Changes with every word of them. */; hash: string };

/** The prompts as they lie beside this file. Throws FaultError `not-found`. */
export function readPrompts(): Prompts {
  const system = readPrompt('system.md');
  const end = readPrompt('end.md');
  return { system, end, hash: sha256(`${system}\0${end}`) };
}

function readPrompt(name: string): string {
  const path = join(promptFolder(), name);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new FaultError('not-found', `The prompt ${path} cannot be read.`, { cause: error });
  }
}

/** The same folder from the sources and from a bundle in `dist/`. */
function promptFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'src', 'planner', 'llm', 'prompts');
}

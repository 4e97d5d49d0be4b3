import { statSync } from 'node:fs';
import path from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { Person } from '../domain/person.ts';
import type { Engine } from '../engine/engine.ts';

/**
 * People and their roles as reign.yaml says now: a role that was taken away counts no more at the next look, without a
 * restart. While the file cannot be read nobody has any rights: every look throws FaultError with what is wrong.
 */
export function livePeople(config: Config, env: NodeJS.ProcessEnv): Engine['people'] {
  const { file } = config;
  let known = { mark: file === undefined ? '' : markOf(file), people: config.people };
  const read = (): readonly Person[] => {
    if (file === undefined) return known.people;
    const mark = markOf(file);
    if (mark !== known.mark) known = { mark, people: reread(file, env) };
    return known.people;
  };
  return { find: (name) => read().find((person) => person.name === name), all: read };
}

function reread(file: string, env: NodeJS.ProcessEnv): readonly Person[] {
  try {
    return loadConfig({ cwd: path.dirname(file), file, env }).people;
  } catch (error) {
    throw new FaultError(
      'unreachable',
      `Nobody's roles are known until this is mended: ${(error as Error).message}`,
    );
  }
}

function markOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    throw new FaultError('unreachable', `Nobody's roles are known: ${(error as Error).message}`);
  }
}

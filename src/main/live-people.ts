import { statSync } from 'node:fs';
import path from 'node:path';
import { type Config, loadConfig } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';

/** Who is configured, and the groups whose members hold roles. */
export type Roster = Pick<Config, 'people' | 'groups'>;

/**
 * People, groups and their roles as reign.yaml says now: a role that was taken away counts no more at the next look,
 * without a restart. While the file cannot be read nobody has any rights: every look throws FaultError with what is wrong.
 */
export function liveRoster(config: Config, env: NodeJS.ProcessEnv): () => Roster {
  const { file } = config;
  let known = { mark: file === undefined ? '' : markOf(file), roster: config as Roster };
  return () => {
    if (file === undefined) return known.roster;
    const mark = markOf(file);
    if (mark !== known.mark) known = { mark, roster: reread(file, env) };
    return known.roster;
  };
}

function reread(file: string, env: NodeJS.ProcessEnv): Roster {
  try {
    return loadConfig({ cwd: path.dirname(file), file, env });
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

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../config/index.ts';
import { findProgram } from '../../sandbox/programs.ts';
import { type Check, wrong } from './check.ts';

const leastFreeMb = 500;

/** This machine: room on the disk, who may read the keys, and the programs that tools of this configuration run. */
export async function checkMachine(config: Config, check: Check): Promise<void> {
  await check('disk', () => room(config.dataDir));
  const keys = path.join(config.dataDir, 'keys');
  if (existsSync(keys)) await check('keys', () => closedToOthers(keys));
  const wanted = wantedPrograms(config);
  if (wanted.length > 0) await check('programs', () => programs(wanted));
}

/** @param leastMb megabytes that must be free. */
export async function room(folder: string, leastMb = leastFreeMb): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize, ffree, files } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / 1024 / 1024);
  if (freeMb < leastMb)
    throw wrong(
      `Only ${freeMb} MB are free below ${folder}: database, audit and logs cannot grow.`,
      `Make room (du -sh ${folder}/*), or choose another folder with --data.`,
    );
  if (files > 0 && ffree === 0)
    throw wrong(`No more files can be made below ${folder}.`, `Remove some (df -i ${folder}).`);
  return `${freeMb} MB free below ${folder}`;
}

export function closedToOthers(keys: string): string {
  for (const file of ['', 'gateway.key', 'master.key'].map((name) => path.join(keys, name)))
    if (existsSync(file) && (statSync(file).mode & 0o077) !== 0)
      throw wrong(`${file} can be read by others on this machine.`, `chmod -R go= ${keys}`);
  return `${keys} is closed to others`;
}

/** Each is run in the sandbox, which sees the system's folders and no others. */
const systemFolders = '/usr/local/bin:/usr/bin:/bin';

type Wanted = { anyOf: readonly string[]; for: string; mend: string };

export function programs(wanted: readonly Wanted[]): string {
  const found = wanted.map(({ anyOf, for: why, mend }) => {
    const program = anyOf.map((name) => findProgram(name, systemFolders)).find((each) => each !== undefined);
    if (program !== undefined) return program;
    throw wrong(`${anyOf.join(' or ')} is not in ${systemFolders}, and ${why} needs it.`, mend);
  });
  return found.join(', ');
}

function wantedPrograms({ mode, environments }: Config): Wanted[] {
  if (mode === 'demo') return [];
  const clusters = environments.some((each) => each.clusters.length > 0);
  const terraform = environments.some(({ services }) => services.some(({ kind }) => kind === 'terraform'));
  const helm = { anyOf: ['helm'], for: 'the tool helm', mend: 'Install helm 3 or 4 to /usr/local/bin.' };
  const tofu = {
    anyOf: ['terraform', 'tofu'],
    for: 'environments.<name>.terraform',
    mend: 'Install terraform or tofu to /usr/local/bin.',
  };
  return [...(clusters ? [helm] : []), ...(terraform ? [tofu] : [])];
}

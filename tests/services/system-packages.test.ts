import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SystemPackagesOptions } from '../../src/services/index.ts';
import { ensureSystemPackages } from '../../src/services/index.ts';
import { temporaryFolder } from './helpers.ts';

const isRoot = process.getuid?.() === 0;
const path = process.env.PATH;
let folder: string;
let lines: string[];

beforeEach(async () => {
  folder = await temporaryFolder();
  lines = [];
  process.env.PATH = folder;
  // Stands in for apt: notes its words; installs only once its lists were updated.
  await program(
    'apt-get',
    `echo "$@" >>"${folder}/apt.log"
    case "$*" in
      *update*) echo >"${folder}/lists" ;;
      *) [ -e "${folder}/lists" ] || exit 100
         /bin/cp "$0" "${folder}/redis-server"; /bin/cp "$0" "${folder}/bwrap" ;;
    esac`,
  );
  await program('sudo', '[ "$1" = -n ] && shift; exec "$@"');
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true, force: true });
});

async function program(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

async function ensure(options: Pick<SystemPackagesOptions, 'install' | 'ask'>) {
  const say = (line: string): number => lines.push(line);
  return await ensureSystemPackages({ packages: ['redis-server', 'bubblewrap'], say, ...options });
}

describe('ensureSystemPackages', () => {
  it('installs what is missing, after updating empty package lists, and says nothing the next time', async () => {
    expect(await ensure({ install: 'always' })).toEqual({
      installed: ['redis-server', 'bubblewrap'],
      missing: [],
    });
    expect(await readFile(join(folder, 'apt.log'), 'utf8')).toContain('install -y');
    lines = [];
    expect(await ensure({ install: 'never' })).toEqual({ installed: [], missing: [] });
    expect(lines).toEqual([]);
  });

  it('asks first on a terminal', async () => {
    const questions: string[] = [];
    const answer = (yes: boolean) => async (question: string) => {
      questions.push(question);
      return yes;
    };
    expect((await ensure({ install: 'ask', ask: answer(false) })).installed).toEqual([]);
    expect((await ensure({ install: 'ask', ask: answer(true) })).installed).toHaveLength(2);
    expect(questions).toHaveLength(2);
  });

  it('refuses when told never, in one line that names the command', async () => {
    expect((await ensure({ install: 'never' })).missing).toEqual(['redis-server', 'bubblewrap']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${isRoot ? '' : 'sudo '}apt-get install -y redis-server bubblewrap`);
  });

  it('names the command when apt is not there or fails', async () => {
    await program('apt-get', 'echo "E: Unable to locate package" >&2; exit 100');
    expect((await ensure({ install: 'always' })).missing).toHaveLength(2);
    expect(lines.at(-1)).toContain('Unable to locate package');
    await rm(join(folder, 'apt-get'));
    lines = [];
    expect((await ensure({ install: 'ask' })).missing).toHaveLength(2);
    expect(lines).toHaveLength(1);
  });
});

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProgram } from '../../src/sandbox/programs.ts';
import { emptyDatabase, type TestDatabase } from '../support/database.ts';
import { createReign, type TestReign } from '../support/reign.ts';
import { removeData } from '../support/remove-data.ts';
import { describe, it } from '../support/team.ts';
import { blockOf, documentedCommands } from './commands.ts';
import { configured, elsewhere, inTheDemo, type Try } from './typed.ts';

/** Every command that the docs show is typed here as they show it, or in the test that is named for it. */

const root = path.resolve(import.meta.dirname, '../..');
const install = readFileSync(path.join(root, 'docs/install.md'), 'utf8');
// tests/deploy/install-doc.test.ts types these word for word.
const typedThere = [...install.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block.split('\n'),
);
const isCurl = (command: string) => command.startsWith('curl ');

test('each command of the docs is typed by a test, and no other', () => {
  const documented = [...documentedCommands().keys()];
  const known = [...Object.keys(inTheDemo), ...Object.keys(configured), ...Object.keys(elsewhere)];
  const typed = new Set([...known, ...typedThere]);
  expect(documented.filter((command) => !typed.has(command) && !isCurl(command))).toEqual([]);
  expect(known.filter((command) => !documented.includes(command))).toEqual([]);
  const gone = Object.entries(elsewhere).filter(
    ([, [file, runs]]) => !readFileSync(path.join(root, file), 'utf8').includes(runs),
  );
  expect(gone).toEqual([]);
});

describe('in the demo', () => {
  const desk = openDesk();

  beforeAll(async () => {
    await desk.open();
    mkdirSync(path.join(desk.place, 'policies'));
    cpSync(path.join(root, 'tests/fixtures/board'), path.join(desk.place, 'board'), { recursive: true });
    cpSync(path.join(root, 'src/policy/default.cedar'), path.join(desk.place, 'policies/ours.cedar'));
    cpSync(
      path.join(root, 'src/runbooks/shipped/rotate-image.yaml'),
      path.join(desk.place, 'rotate-image.yaml'),
    );
    await writeFile(
      path.join(desk.place, 'cases.jsonl'),
      '{"text":"list pods in staging","intent":"kubernetes.list","params":{"kind":"pods","environment":"staging"}}\n',
    );
  }, 120_000);
  afterAll(() => desk.close(), 60_000);

  it.each(Object.entries(inTheDemo))('%s', (command, attempt) => desk.type(command, attempt));

  const missing = ['curl', 'jq'].filter((program) => !findProgram(program));
  if (missing.length > 0)
    console.warn(`SKIPPED tests/docs/commands.test.ts, curl: ${missing.join(' and ')} not installed.`);
  it.skipIf(missing.length > 0)('curl, as docs/http-api.md shows it', () =>
    desk.type(blockOf('docs/http-api.md', 'curl'), { says: /"message":"m-\w+"[\s\S]*"plans":\[/ }),
  );
});

describe('where an admin runs it', () => {
  const desk = openDesk();

  beforeAll(async () => {
    await desk.open(`
people:
  - { name: ada, roles: [admin, lead, operator] }
  - { name: bob, roles: [lead], local: false }
environments:
  staging:    { tier: nonproduction, clusters: { main: { demo: true } } }
  production: { tier: production, clusters: { main: { demo: true } } }
policy: { breakGlass: [kubernetes.restart] }
approvals: { onCall: [ada] }
`);
    cpSync(path.join(desk.place, '.reign/keys/gateway.pub'), path.join(desk.place, 'gateway.pub'));
    mkdirSync(path.join(desk.place, 'safe'));
  }, 120_000);
  afterAll(() => desk.close(), 60_000);

  it.each(Object.entries(configured))('%s', (command, attempt) => desk.type(command, attempt));
});

/** A folder in which a Reign runs and people type. */
function openDesk() {
  const place = mkdtempSync(path.join(os.tmpdir(), 'reign-docs-'));
  let reign: TestReign;
  let empty: TestDatabase;
  let id = '';
  return {
    place,
    async open(config?: string) {
      [reign, empty] = await Promise.all([createReign(), emptyDatabase()]);
      symlinkSync(reign.dataDir, path.join(place, '.reign'));
      mkdirSync(path.join(place, 'node_modules/.bin'), { recursive: true });
      symlinkSync(path.join(root, 'bin/reign.js'), path.join(place, 'node_modules/.bin/reign'));
      if (config !== undefined)
        for (const folder of [reign.dataDir, place]) await writeFile(path.join(folder, 'reign.yaml'), config);
      await reign.start('all');
    },
    async close() {
      await reign?.stop();
      await empty?.drop();
      await removeData(path.join(place, 'drill'));
      rmSync(place, { recursive: true, force: true });
    },
    /** Types a command and checks what it says; `ID` is the plan that was shown last. */
    async type(command: string, { types = command, says, code = 0, input = '' }: Try) {
      const text = types
        .replaceAll('/somewhere/safe', path.join(place, 'safe'))
        .replaceAll('/tmp/drill', path.join(place, 'drill'))
        .replaceAll('postgres://…/reign_restored', empty.url)
        .replaceAll(/\bID\b/g, id);
      const env = {
        ...{ PATH: process.env['PATH'], HOME: place, NO_COLOR: '1' },
        ...{ DATABASE_URL: reign.database.url, REDIS_URL: reign.redis.url },
      };
      const child = spawn('bash', ['-c', text], { cwd: place, env });
      child.stdin.end(input);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => {
          output += data.toString();
        });
      const ended = await new Promise((resolve) => child.on('close', resolve));
      expect({ ended, output }).toMatchObject({ ended: code, output: expect.stringMatching(says) });
      id = /\bp-[a-z0-9]{7}\b/.exec(output)?.[0] ?? id;
    },
  };
}

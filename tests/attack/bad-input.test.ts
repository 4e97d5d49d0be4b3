import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { planEnded } from '../../src/domain/plan.ts';
import { createReign, type TestReign } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// What is wrong is said in words, in one line, with an exit code; nothing is lost and nothing falls over.

const program = path.resolve(import.meta.dirname, '../../dist/reign.js');
const staging = 'environments: { staging: { tier: nonproduction, clusters: { main: { demo: true } } } }\n';
const noTrace = /\n\s+at |node_modules|Error:|\[object/;

let team: Team;
let demo: TestReign;
let alice: Visitor;

beforeAll(async () => {
  [team, demo] = await Promise.all([startTeam(), createReign()]);
  alice = await team.as('alice');
});
afterAll(async () => {
  await team?.stop();
  await demo?.stop();
});

type Ended = { code: number | null; stdout: string; stderr: string };

/** Runs the command line on its own, in a folder of its own. */
function reign(
  args: string[],
  options: { cwd: string; uid?: number; env?: Record<string, string> },
): Promise<Ended> {
  const { cwd, uid, env = {} } = options;
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    timeout: 30_000,
    // A start that hangs has its own ideas about SIGTERM.
    killSignal: 'SIGKILL',
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    ended.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    ended.stderr += data.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}

function clear({ code, stderr }: { code: number | null; stderr: string }, words: RegExp, lines = 1): void {
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(noTrace);
  expect(stderr.trim().split('\n')).toHaveLength(lines);
  expect(code).toBe(1);
}

describe('messages', () => {
  it('of a megabyte are refused with words, and what comes next is answered', async () => {
    const huge = await alice.request('POST', '/messages', { text: 'a'.repeat(1_000_000), key: 'huge' });
    expect(huge.status).toBe(413);
    expect(huge.body.fault.message).toMatch(/too large: at most \d+ bytes/);
    const long = await alice.request('POST', '/messages', { text: 'a'.repeat(17_000), key: 'long' });
    expect(long).toMatchObject({
      status: 413,
      body: { fault: { message: expect.stringContaining('16000 characters') } },
    });
    expect(
      await team.sql(`select from messages where dedupe_key like '%/huge' or dedupe_key like '%/long'`),
    ).toEqual([]);
    expect((await alice.entryFor('list the pods in staging')).body.kind).toBe('answer');
  });

  it('are stored once, however often they come', async () => {
    const message = { text: 'list the pods in staging', key: 'again' };
    const sent = await Promise.all(
      Array.from({ length: 20 }, () => alice.request<{ message: string }>('POST', '/messages', message)),
    );
    expect(sent.every(({ status }) => status === 202)).toBe(true);
    expect(new Set(sent.map(({ body }) => body.message)).size).toBe(1);
  });

  it.each([
    ['emoji', 'scale 🚀 to 3 in staging 👩‍👩‍👧‍👦'],
    ['right to left', 'scale \u202Etuokcehc\u202C to 3 in staging שלום'],
    ['an emoji at the cut of the title', `${'x'.repeat(79)}🚀🚀`],
    [
      'braces and quotes',
      `scale "'; drop table plans; --\${jndi:x}{{7*7}}<script>alert(1)</script>" to 3 in staging`,
    ],
    ['a long word', 'a'.repeat(16_000)],
    ['many brackets', '('.repeat(15_000)],
    ['many spaces', `scale${' '.repeat(15_000)}checkout`],
    ['many lines', 'scale checkout to 3 in staging\n'.repeat(500)],
    ['escape sequences', 'scale \u001b[2Jcheckout\u0007 to 3 in staging'],
    ['a huge number', `scale checkout to ${'9'.repeat(400)} in staging`],
    ['a negative number', 'scale checkout to -3 in staging'],
  ])('with %s get an answer', async (_, text) => {
    const began = Date.now();
    const { body } = await alice.entryFor(text);
    expect(['answer', 'question', 'refusal', 'plan']).toContain(body.kind);
    expect(JSON.stringify(body)).not.toMatch(/TypeError|Cannot read|undefined|select .* from/);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it.each([
    ['nothing', { text: '  ', key: 'k1' }],
    ['a NUL', { text: 'list\0pods', key: 'k2' }],
    ['half a character', { text: 'list \ud800', key: 'k3' }],
    ['no key', { text: 'help' }],
    ['a number', { text: 5, key: 'k4' }],
    ['a list', ['help']],
    ['another’s conversation that is not there', { text: 'help', key: 'k5', conversation: 'c-none' }],
  ])('of %s are refused with a reason', async (_, body) => {
    const { status, body: answer } = await alice.request('POST', '/messages', body);
    expect([400, 404]).toContain(status);
    expect(answer.fault.message.length).toBeGreaterThan(10);
    expect(answer.fault.message).not.toMatch(noTrace);
  });

  it('that are no JSON, or no UTF-8, are refused with a reason', async () => {
    for (const body of ['{', 'null', '"help"', Buffer.from([0x7b, 0xff, 0xfe])]) {
      const response = await fetch(`${team.url}/api/v1/messages`, {
        method: 'POST',
        headers: { cookie: alice.cookie, 'x-reign': '1', 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(400);
    }
  });

  it('whose environment nobody knows are never guessed at', async () => {
    const { body } = await alice.entryFor('scale checkout to 3 in qa');
    expect(body).toMatchObject({
      kind: 'question',
      options: [{ label: 'staging' }, { label: 'production' }],
    });
    expect(JSON.stringify(body)).toContain('no environment called \\"qa\\"');
    for (const text of ['scale checkout to 3 in nowhere', 'scale checkout to 3', 'restart cart on preprod']) {
      expect((await alice.entryFor(text)).body.kind, text).not.toBe('plan');
    }
  });
});

it('output that no database can hold does not keep a step from being settled', async () => {
  const plan = await alice.planFor("run `printf 'a\\000b\\355\\240\\275c'` in staging");
  expect((await alice.decide(plan)).status).toBe(200);
  const card = await alice.until(plan.id, ({ state }) => planEnded(state));
  expect(card).toMatchObject({ state: 'succeeded' });
});

describe('the command line', () => {
  const cli = (...args: string[]) => team.reign.cli(...args);

  it.each([
    [['plan', 'show', 'p-nothere'], /There is no plan p-nothere/],
    [['plan', 'approve', 'p-nothere', '--revision', '1'], /There is no plan p-nothere/],
    [['plan', 'cancel', '../../etc/passwd'], /There is no plan|nothing at/],
    [['plan', 'undo', 'p-nothere'], /There is no plan p-nothere/],
    [['freeze', 'nowhere', 'because'], /There is no environment "nowhere"; there are staging, production/],
    [['freeze', 'staging', 'because', '--for', 'ever'], /"ever" is no duration/],
    [['freeze', 'staging', 'because'], /needs a lead there, and alice is none/],
    [['unfreeze', 'production'], /needs a lead/],
    [['ask', 'help', '--as', 'zed'], /Only the demo lets people be switched/],
    [['audit', 'list', '--limit', 'x'], /limit/],
    [['audit', 'verify', '--file', 'none.jsonl'], /none\.jsonl/],
  ])('%j fails in one line', async (args, words) => {
    clear(await cli(...args), words);
  });

  it('prints one JSON error with --json', async () => {
    const answer = await cli('plan', 'show', 'p-nothere', '--json');
    expect(answer.code).toBe(1);
    expect(answer.events).toMatchObject([{ type: 'error', code: 'not-found' }]);
  });

  it('does not take a message of a megabyte, and says so', async () => {
    const parts = Array.from({ length: 10 }, () => 'a'.repeat(100_000));
    clear(await cli('ask', ...parts), /too large/);
  });

  it('says when no Reign runs', async () => {
    const cwd = await folder();
    clear(await reign(['plan', 'list'], { cwd }), /Reign is not running on .*npm start/);
  });

  it('knows only the people of the demo', async () => {
    await demo.start('all');
    clear(await demo.cli('ask', 'help', '--as', 'zed'), /The demo has nobody called zed/);
    clear(await demo.cli('ask', 'help', '--as', '__proto__'), /The demo has nobody called __proto__/);
  });
});

describe('freezes', () => {
  it.each(['staging/', 'staging/shop/web', 'staging/Shop', 'staging/ ', 'staging/shop '])(
    'of "%s", which would hold nothing, are refused',
    async (scope) => {
      const bob = await team.as('bob');
      const answer = await bob.request('POST', '/freezes', { scope, reason: 'x' });
      expect(answer).toMatchObject({
        status: 400,
        body: { fault: { message: expect.stringContaining('no scope') } },
      });
    },
  );
});

describe('a start', () => {
  it('with a broken reign.yaml says file, line and what is meant', async () => {
    const cwd = await folder();
    await writeFile(path.join(cwd, 'reign.yaml'), `people:\n  - { name: alice, roles: [owner] }\n${staging}`);
    clear(
      await reign(['start', '--port', '0', '--no-install'], { cwd }),
      /reign\.yaml:2:\d+: .*"owner" is no role/,
    );
    await writeFile(path.join(cwd, 'reign.yaml'), 'people: [\n');
    clear(await reign(['start', '--port', '0', '--no-install'], { cwd }), /reign\.yaml:\d+/);
    const missing = await reign(['start', '--config', 'none.yaml'], { cwd });
    clear(missing, /none\.yaml does not exist/);
  });

  it('with a broken policy says file and line, as does the check', async () => {
    const cwd = await folder();
    await writeFile(
      path.join(cwd, 'reign.yaml'),
      `people: [{ name: alice, roles: [operator] }]\n${staging}policy: { files: [mine.cedar] }\n`,
    );
    await writeFile(
      path.join(cwd, 'mine.cedar'),
      '// mine\n\npermit (principal, action == Action::"requst", resource);\n',
    );
    const check = await reign(['policy', 'check'], { cwd });
    expect(check.code).toBe(1);
    expect(check.stdout).toMatch(/mine\.cedar:3/);
    expect(check.stdout).not.toMatch(noTrace);
    const env = { DATABASE_URL: team.reign.database.url, REDIS_URL: team.reign.redis.url };
    const start = await reign(['start', '--port', '0', '--no-install'], { cwd, env });
    expect(start.code).toBe(1);
    expect(start.stderr).toMatch(/mine\.cedar:3/);
    expect(start.stderr).not.toMatch(noTrace);
    clear(await reign(['policy', 'check', 'none.cedar'], { cwd }), /none\.cedar/);
  });

  it.each([
    [['--port', '99999'], /"99999" is no port/],
    [['--port', 'x'], /"x" is no port/],
    [['--role', 'king'], /"king" is no role/],
    [['--role', 'worker'], /A worker needs DATABASE_URL and REDIS_URL/],
  ])('with %j fails in one line', async (args, words) => {
    clear(await reign(['start', '--no-install', ...args], { cwd: await folder() }), words);
  });

  it('on a port that is in use says so and ends', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    try {
      const env = { DATABASE_URL: team.reign.database.url, REDIS_URL: team.reign.redis.url };
      const cwd = await folder();
      await cp(path.join(team.reign.dataDir, 'keys'), path.join(cwd, '.reign', 'keys'), { recursive: true });
      const answer = await reign(['start', '--no-install', '--port', String(port)], { cwd, env });
      clear(answer, new RegExp(`Port ${port} is in use. Choose another with --port`));
    } finally {
      taken.close();
    }
  });

  it('on a folder that another Reign holds says so', async () => {
    const env = { DATABASE_URL: team.reign.database.url, REDIS_URL: team.reign.redis.url };
    const data = ['--data', team.reign.dataDir];
    clear(
      await reign(['start', '--no-install', '--port', '0', ...data], { cwd: await folder(), env }),
      /already|runs|holds/,
    );
  });

  it('without a database says where it looked', async () => {
    const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', REDIS_URL: team.reign.redis.url };
    const answer = await reign(['start', '--no-install', '--port', '0'], { cwd: await folder(), env });
    clear(answer, /Postgres cannot be reached.*DATABASE_URL/);
  });

  it('without rights on its folder says which', async () => {
    const cwd = await folder();
    const data = path.join(cwd, 'data');
    await mkdir(data);
    await chmod(data, 0o500);
    await chmod(cwd, 0o755);
    const env = { DATABASE_URL: team.reign.database.url, REDIS_URL: team.reign.redis.url };
    const other = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const answer = await reign(['start', '--no-install', '--port', '0', '--data', data], {
      cwd,
      env,
      ...other,
    });
    clear(answer, new RegExp(`${data}`));
    expect(answer.stderr).toMatch(/may not|permission|not allowed|cannot/i);
  });
});

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'reign-test-bad-'));
  folders.push(made);
  return made;
}

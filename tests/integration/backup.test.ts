import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { until } from '../support/reign.ts';
import { it, startTeam, type Team, type Visitor } from '../support/team.ts';

// docs/operations.md: what a backup holds, how it is put back, and that an export verifies anywhere.

const run = promisify(execFile);
let team: Team;
let waiting: PlanCard;
let exported: string;
let bob: Visitor;

beforeAll(async () => {
  team = await startTeam();
  const alice = await team.as('alice');
  // A session is part of what is saved.
  bob = await team.as('bob');
  const done = await alice.planFor('scale checkout to 5 in staging');
  await alice.decide(done);
  await alice.until(done.id, ({ state }) => planEnded(state));
  waiting = await alice.planFor('scale checkout to 8 in production');
  exported = path.join(team.reign.dataDir, 'audit.jsonl');
});
afterAll(() => team?.stop());

const verifyFile = (file: string, ...more: string[]) =>
  team.reign.cli('audit', 'verify', '--file', file, ...more);
const key = () => path.join(team.reign.dataDir, 'keys', 'gateway.pub');

it('an export verifies with no Reign, and a changed line is found', async () => {
  // The live check takes a checkpoint, so that the export has one to hold the rows against.
  expect(await team.reign.cli('audit', 'verify')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('holds'),
  });
  expect((await team.reign.cli('audit', 'export', exported)).code).toBe(0);
  const good = await verifyFile(exported, '--key', key(), '--json');
  expect(good).toMatchObject({ code: 0, events: [{ type: 'audit-verify', ok: true }] });

  const lines = (await readFile(exported, 'utf8')).trimEnd().split('\n');
  const forged = async (change: (lines: string[]) => string[]) => {
    const file = path.join(team.reign.dataDir, 'forged.jsonl');
    await writeFile(file, `${change(lines).join('\n')}\n`);
    return verifyFile(file, '--key', key());
  };
  const decision = lines.findIndex((line) => line.includes('"decision.approve"'));
  expect(decision).toBeGreaterThan(0);
  const renamed = await forged((all) =>
    all.with(decision, (all[decision] ?? '').replaceAll('alice', 'mallory')),
  );
  expect(renamed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/does not hold at plan:p-\w+ row \d+/),
  });
  expect(await forged((all) => all.toSpliced(decision, 1))).toMatchObject({ code: 1 });
  expect(await forged((all) => all.slice(0, -3))).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('rows are missing'),
  });
  const checkpoint = lines.findIndex((line) => line.includes('"kind":"checkpoint"'));
  const resigned = (lines[checkpoint] ?? '').replace(
    /"signature":"(.)/,
    (_, first: string) => `"signature":"${first === 'A' ? 'B' : 'A'}`,
  );
  expect(await forged((all) => all.with(checkpoint, resigned))).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('signature'),
  });
  const torn = await forged((all) => all.with(2, (all[2] ?? '').slice(0, 30)));
  expect(torn).toMatchObject({ code: 1, stderr: expect.stringMatching(/line 3 .*is not JSON/) });
});

it('an export of one who holds another key is not believed', async () => {
  const foreign = path.join(team.reign.dataDir, 'foreign.pub');
  await run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', `${foreign}.key`]);
  await run('openssl', ['pkey', '-in', `${foreign}.key`, '-pubout', '-out', foreign]);
  const answer = await verifyFile(exported, '--key', foreign);
  expect(answer).toMatchObject({ code: 1, stdout: expect.stringContaining('signature') });
  const missing = await verifyFile(path.join(team.reign.dataDir, 'none.jsonl'));
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('none.jsonl') });
  expect(missing.stderr.trim().split('\n')).toHaveLength(1);
});

it('a restored database with its keys verifies, and what waited can still be approved', async () => {
  const { reign, process: gateway } = team;
  gateway.child.kill('SIGTERM');
  await gateway.ended;
  const restored = await restoredCopy(reign.database.url);
  try {
    const folder = path.join(reign.dataDir, 'restored');
    await mkdir(folder, { mode: 0o700 });
    for (const part of ['keys', 'audit-anchor.jsonl', 'reign.yaml', 'demo-cluster']) {
      await cp(path.join(reign.dataDir, part), path.join(folder, part), { recursive: true });
    }
    const again = await reign.start('all', { DATABASE_URL: restored.url, REIGN_DATA_DIR: folder });
    const address = JSON.parse(await readFile(path.join(folder, 'run.json'), 'utf8')) as {
      url: string;
      token: string;
    };
    const call = async (method: string, route: string, cookie?: string, body?: unknown) => {
      const response = await fetch(`${address.url}/api/v1${route}`, {
        method,
        headers: {
          ...(cookie ? { cookie, 'x-reign': '1' } : { authorization: `Bearer ${address.token}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: (await response.json()) as { plan: PlanCard; ok: boolean } };
    };
    expect((await call('POST', '/audit/verify')).body).toMatchObject({ ok: true });
    const click = { revision: waiting.revision, verdict: 'approve' };
    expect((await call('POST', `/plans/${waiting.id}/decisions`, bob.cookie, click)).status).toBe(200);
    let card = waiting;
    const settled = async () => {
      card = (await call('GET', `/plans/${waiting.id}`)).body.plan;
      return planEnded(card.state);
    };
    await until(settled, 30_000, () => JSON.stringify(card));
    expect(card.state).toBe('succeeded');
    again.child.kill('SIGTERM');
    await again.ended;
  } finally {
    await restored.drop();
  }
});

/** A second database with what the first holds: dumped and restored where the programs fit the server, else copied. */
async function restoredCopy(url: string) {
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  const source = new URL(url).pathname.slice(1);
  const name = `${source}_restored`;
  const address = new URL(url);
  address.pathname = `/${name}`;
  const [server] = (
    await admin.query<{ major: string }>(`select split_part(version(), ' ', 2)::text as major`)
  ).rows;
  const dump = await run('pg_dump', ['--version']).catch(() => ({ stdout: '' }));
  const fits = /(\d+)\./.exec(dump.stdout)?.[1] === server?.major.split('.')[0];
  if (fits) {
    await admin.query(`create database ${name}`);
    const file = path.join(team.reign.dataDir, 'reign.dump');
    await run('pg_dump', ['--format=custom', '--file', file, url]);
    await run('pg_restore', ['--no-owner', '--dbname', address.href, file]);
  } else {
    console.warn(
      `pg_dump of Postgres ${server?.major} is not here: the database is copied instead of dumped.`,
    );
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [source]);
    await admin.query(`create database ${name} template ${source}`);
  }
  return {
    url: address.href,
    async drop() {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}

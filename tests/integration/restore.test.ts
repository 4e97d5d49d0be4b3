import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { planEnded } from '../../src/domain/plan.ts';
import { emptyDatabase, query, type TestDatabase } from '../support/database.ts';
import { createApi } from '../support/reign.ts';
import { it, startTeam, type Team } from '../support/team.ts';

// The drill of docs/operations.md: backup while Reign runs, restore into another database, and what a lost key means.

let team: Team;
let folder: string;
let done: PlanCard;
let held: PlanCard;
const databases: TestDatabase[] = [];

beforeAll(async () => {
  team = await startTeam();
  folder = path.join(team.reign.dataDir, 'backup');
  const [alice, bob] = [await team.as('alice'), await team.as('bob')];
  done = await alice.planFor('scale checkout to 5 in staging');
  await alice.decide(done);
  await alice.until(done.id, ({ state }) => planEnded(state));
  // Approved, and not begun when the backup is taken.
  await bob.request('POST', '/freezes', { scope: 'staging', reason: 'backup' });
  held = await alice.planFor('scale web to 4 in staging');
  await alice.decide(held);
  await alice.until(held.id, ({ waitingFor }) => /freeze/.test(waitingFor ?? ''));
  // The check takes a checkpoint.
  expect((await team.reign.cli('audit', 'verify')).code).toBe(0);
  const taken = await team.reign.cli('backup', folder);
  expect(taken).toMatchObject({ code: 0, stdout: expect.stringMatching(/\d+ rows, keys and configuration/) });
  team.process.child.kill('SIGTERM');
  await team.process.ended;
}, 240_000);
afterAll(async () => {
  await team?.stop();
  for (const database of databases) await database.drop();
}, 60_000);

it('holds every row of every table, and its restored audit verifies', async () => {
  const { url, dataDir, answer } = await restored('whole');
  expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/The audit holds/) });
  const tables = await team.sql<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  expect(tables.length).toBeGreaterThan(20);
  // What was written while it stopped is not in it.
  const moving = ['audit_checkpoints', 'audit_heads', 'reign_schema'];
  for (const { name } of tables.filter(({ name }) => !moving.includes(name))) {
    const content = `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as sum from ${name} t`;
    expect(await query(url, content), name).toEqual(await team.sql(content));
  }
  const again = await team.reign.cli('restore', folder, '--data', `${dataDir}-2`, '--database', url);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/holds a Reign already/) });
  const same = await team.reign.cli('restore', folder, '--data', dataDir, '--database', url);
  expect(same).toMatchObject({ code: 1, stderr: expect.stringMatching(/holds keys already/) });
});

it('goes on where it was: an approval that was given still holds', async () => {
  const { url, dataDir } = await restored('going-on');
  const again = await start(url, dataDir);
  await query(url, `update freezes set ended_at = now(), ended_by = 'bob'`);
  const plan = await again.api.until(held.id, ({ state }) => planEnded(state));
  expect(plan.state, plan.outcome).toBe('succeeded');
  expect((await again.api.call('POST', '/audit/verify', {})).body).toMatchObject({ ok: true });
  await again.stop();
}, 180_000);

it('without its keys loses approvals, undo and the proof of the audit, and runs nothing', async () => {
  const { url, dataDir } = await restored('without-keys');
  await rm(path.join(dataDir, 'keys'), { recursive: true });
  const again = await start(url, dataDir);
  await query(url, `update freezes set ended_at = now(), ended_by = 'bob'`);
  const plan = await again.api.until(held.id, ({ state }) => planEnded(state));
  expect(plan).toMatchObject({ state: 'failed', outcome: expect.stringMatching(/no valid approval/) });
  const { body } = await again.api.call<{ ok: boolean }>('POST', '/audit/verify', {});
  expect(JSON.stringify(body)).toMatch(/signature is not the gateway/);
  const asked = await again.api.call<{ plan: string }>('POST', `/plans/${done.id}/undo`, {});
  const undo = await again.api.until(asked.body.plan, ({ state }) => planEnded(state));
  expect(undo).toMatchObject({ state: 'failed', outcome: expect.stringMatching(/master key/) });
  await again.stop();
}, 180_000);

it('leaves the master key out when asked to, and refuses a backup that was cut off', async () => {
  const lean = path.join(team.reign.dataDir, 'lean');
  expect((await team.reign.cli('backup', lean, '--no-master-key')).code).toBe(0);
  await expect(readFile(path.join(lean, 'keys', 'master.key'))).rejects.toThrow(/ENOENT/);
  expect((await team.reign.cli('backup', lean)).stderr).toMatch(/is not empty/);
  const file = path.join(lean, 'database.jsonl.gz');
  const lines = gunzipSync(await readFile(file))
    .toString()
    .split('\n');
  await writeFile(file, gzipSync(lines.slice(0, -3).join('\n')));
  const cut = await team.reign.cli(
    'restore',
    lean,
    '--data',
    `${lean}-data`,
    '--database',
    await emptyAddress(),
  );
  expect(cut).toMatchObject({ code: 1, stderr: expect.stringMatching(/was cut off/) });
});

it('looks at the keys of a backup before it loads a row', async () => {
  const keyless = path.join(team.reign.dataDir, 'keyless');
  await cp(folder, keyless, { recursive: true });
  await rm(path.join(keyless, 'keys', 'gateway.pub'));
  const url = await emptyAddress();
  const answer = await team.reign.cli('restore', keyless, '--data', `${keyless}-data`, '--database', url);
  expect(answer).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/keys of the backup cannot be used/),
  });
  expect(await query(url, `select 1 from pg_class where relname = 'plans'`)).toEqual([]);
});

async function restored(name: string) {
  const dataDir = path.join(team.reign.dataDir, `restored-${name}`);
  const url = await emptyAddress();
  const answer = await team.reign.cli('restore', folder, '--data', dataDir, '--database', url);
  return { url, dataDir, answer };
}

async function start(url: string, dataDir: string) {
  await mkdir(dataDir, { recursive: true });
  await cp(path.join(team.reign.dataDir, 'demo-cluster'), path.join(dataDir, 'demo-cluster'), {
    recursive: true,
  });
  const { child, ended } = await team.reign.start('all', { DATABASE_URL: url, REIGN_DATA_DIR: dataDir });
  return {
    api: createApi(dataDir),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function emptyAddress(): Promise<string> {
  const database = await emptyDatabase();
  databases.push(database);
  return database.url;
}

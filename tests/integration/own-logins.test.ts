import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { admin } from '../support/database.ts';
import { createReign, type Process, type TestReign } from '../support/reign.ts';

const command = path.resolve(import.meta.dirname, '../../bin/reign.js');
const id = randomBytes(4).toString('hex');
const config = `people: [{ name: alice, roles: [operator] }]
environments: { staging: { tier: nonproduction, clusters: { main: { demo: true } } } }
database: { migrations: job }
`;

/** As the chart runs it: migrations apart, and each process with no login but its role's. */
describe('gateway and worker with logins of their own', () => {
  let reign: TestReign;
  const processes: Process[] = [];
  const owner = addressOf(`own_${id}`);
  const gateway = addressOf(`own_${id}`, `own_gateway_${id}`);
  const worker = addressOf(`own_${id}`, `own_worker_${id}`);
  const only = { DATABASE_URL: '' };

  beforeAll(async () => {
    reign = await createReign();
    await admin(`create database own_${id}`);
    writeFileSync(path.join(reign.dataDir, 'reign.yaml'), config);
  });
  afterAll(async () => {
    await reign.stop();
    await admin(`drop database own_${id} with (force)`);
    for (const role of ['gateway', 'worker']) await admin(`drop role if exists own_${role}_${id}`);
  });

  function run(env: Record<string, string>, ...args: string[]): Promise<{ code: number; said: string }> {
    const options = {
      cwd: reign.dataDir,
      env: {
        PATH: process.env['PATH'] ?? '',
        REIGN_DATA_DIR: reign.dataDir,
        REDIS_URL: reign.redis.url,
        ...env,
      },
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [command, ...args], options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
      );
    });
  }

  test('nothing starts before the migrations, and the error says who makes them', async () => {
    for (const role of ['gateway', 'worker'])
      await admin(`create role own_${role}_${id} login password 'pw' in role reign_${role}`);
    const early = await run(
      { REIGN_GATEWAY_DATABASE_URL: gateway },
      'start',
      '--role',
      'gateway',
      '--no-install',
      '--port',
      '0',
    );
    expect(early).toMatchObject({
      code: 1,
      said: expect.stringContaining('lacks migration 0001_foundation.sql. Run `reign migrate`'),
    });
    expect(await run({}, 'migrate')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Set DATABASE_URL'),
    });
    expect(await run({ DATABASE_URL: gateway }, 'migrate')).toMatchObject({
      code: 1,
      said: expect.stringContaining('permission denied'),
    });
  });

  test('`reign migrate` brings the database up to date, once', async () => {
    expect(await run({ DATABASE_URL: owner }, 'migrate')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^applied 1, 2, /),
    });
    expect(await run({ DATABASE_URL: owner }, 'migrate')).toMatchObject({
      code: 0,
      said: 'the database was up to date\n',
    });
  });

  test('both run a plan, answer for their health, and reach no further than their roles', async () => {
    processes.push(await reign.start('gateway', { ...only, REIGN_GATEWAY_DATABASE_URL: gateway }));
    processes.push(await reign.start('worker', { ...only, REIGN_WORKER_DATABASE_URL: worker }));
    expect(await run({}, 'health')).toMatchObject({
      code: 0,
      said: expect.stringContaining('ready: {"postgres":"ok"'),
    });
    expect(await run({}, 'health', '--live')).toEqual({ code: 0, said: 'the gateway lives\n' });
    expect(await run({ REIGN_ROLE: 'worker' }, 'health')).toEqual({ code: 0, said: 'the worker lives\n' });
    const { events } = await reign.cli('ask', 'scale checkout to 3 in staging', '--approve', '--json');
    expect(events.at(-1)).toMatchObject({ type: 'final', state: 'succeeded' });
    const client = new pg.Client({ connectionString: worker });
    await client.connect();
    await expect(client.query('set role reign_gateway')).rejects.toThrow('permission denied');
    await expect(client.query('insert into decisions default values')).rejects.toThrow('permission denied');
    await client.end();
  }, 120_000);

  test('a worker that has fallen silent is not healthy', async () => {
    for (const { child } of processes) child.kill('SIGTERM');
    await Promise.all(processes.map(({ ended }) => ended));
    const file = path.join(reign.dataDir, `worker.alive-${os.hostname()}-1`);
    writeFileSync(file, '');
    utimesSync(file, 0, Date.now() / 1000 - 31);
    expect(await run({ REIGN_ROLE: 'worker' }, 'health')).toMatchObject({
      code: 1,
      said: expect.stringContaining('nothing for half a minute'),
    });
    expect(await run({}, 'health')).toMatchObject({
      code: 1,
      said: expect.stringContaining('No gateway runs here'),
    });
  });
});

function addressOf(database: string, user?: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  if (user !== undefined) [url.username, url.password] = [user, 'pw'];
  return url.href;
}

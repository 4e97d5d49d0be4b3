import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { startServices } from '../../src/services/index.ts';
import { createPool } from '../../src/store/pool.ts';
import { cloneDatabase } from '../support/database.ts';
import { until } from '../support/reign.ts';
import { processesNaming } from './processes.ts';
import { startProxy } from './proxy.ts';
import { createScene, type Scene } from './support.ts';

let scene: Scene | undefined;
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await scene?.stop();
  scene = undefined;
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const wishes = [
  'restart svc-a1 in staging',
  'scale svc-a2 to 2 and svc-a3 to 2 in staging',
  'set the image of svc-a4 in staging to registry.demo/svc-a4:2.0.0',
];

describe('Redis', () => {
  it('may be flushed while messages, previews and steps are under way', async () => {
    scene = await createScene();
    const redis = new Redis(scene.reign.redis.url);
    cleanUp.push(async () => redis.disconnect());
    const { say, planOf, finish } = scene;
    const sent = await Promise.all(wishes.map((text) => say(text)));
    await redis.flushall();
    const plans = await Promise.all(sent.map((one) => planOf(one)));
    const late = await Promise.all(plans.slice(1).map(({ goal }) => say(`${goal}`)));
    await Promise.all(plans.map((plan) => scene?.reign.api().decide(plan)));
    await redis.flushall();
    await finish([...sent, ...late]);
    await redis.flushall();
    expect(await statesOf(scene, sent)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(await generations(scene, ['svc-a1'])).toEqual([2]);
    expect(await scene.brokenPromises([...sent, ...late])).toEqual([]);
  });
});

describe('Postgres', () => {
  it('may be restarted in mid-plan, under the same processes', async () => {
    const postgres = await ownPostgres();
    // What is tested is a short absence, not a lost lease.
    scene = await createScene({ DATABASE_URL: postgres.url, REIGN_LEASE_SECONDS: '15' });
    const { gateway, worker } = scene.processes;
    const plans = await Promise.all(wishes.map((text) => scene?.plan(text)));
    const sent = await sentOf(scene);
    const script = await scene.plan('run `sleep 2.25` in staging');
    for (const plan of [...plans, script]) if (plan) await scene.reign.api().decide(plan);
    const sleeping = () => processesNaming('sleep 2.25').length > 0;
    await until(sleeping, 20_000, () => 'the script does not run');
    await postgres.stop();
    await until(
      () => !sleeping(),
      20_000,
      () => 'the script does not end',
    );
    await postgres.start();
    await scene.say('list deployments in crash in staging');
    const all = await sentOf(scene);
    await scene.finish(all);
    expect([gateway.child.exitCode, worker.child.exitCode]).toEqual([null, null]);
    expect(await statesOf(scene, sent)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    // It ended while nothing could be written down, and that was not forgotten.
    expect((await scene.reign.api().plan(script.id)).state).toBe('succeeded');
    expect(await generations(scene, ['svc-a1', 'svc-a2', 'svc-a3', 'svc-a4'])).toEqual([2, 2, 2, 2]);
    expect(await scene.brokenPromises(all)).toEqual([]);
  });

  it('does not wait for a process that fell silent in mid-transaction', async () => {
    scene = await createScene();
    const plan = await scene.plan('restart svc-a1 in staging');
    const pool = createPool(scene.reign.database.url, 'worker', 1);
    cleanUp.unshift(() => pool.end());
    const silent = await pool.connect();
    await silent.query('begin');
    await silent.query('select 1 from plans where id = $1 for update', [plan.id]);
    await scene.finish(await sentOf(scene));
    expect((await scene.reign.api().plan(plan.id)).state).toBe('succeeded');
    await expect(silent.query('commit')).rejects.toThrow();
    silent.release(true);
    expect((await scene.deployment('svc-a1')).generation).toBe(2);
    expect(await scene.brokenPromises(await sentOf(scene))).toEqual([]);
  });

  it('may end a connection that is in use between two queries', async () => {
    const database = await cloneDatabase();
    cleanUp.push(database.drop);
    const pool = createPool(database.url, 'worker', 2);
    cleanUp.push(() => pool.end());
    const client = await pool.connect();
    const { rows } = await client.query('select pg_backend_pid() as id');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await withDatabase(database.url, (other) => other.query('select pg_terminate_backend($1)', [rows[0].id]));
    await ended;
    await expect(client.query('select 1')).rejects.toThrow();
    client.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a worker that is cut off from Postgres', () => {
  it('ends what it runs before anybody else settles it, and its own word no longer counts', async () => {
    scene = await createScene();
    const proxy = await startProxy(scene.reign.database.url);
    cleanUp.push(proxy.close);
    await scene.kill(['worker']);
    await scene.start(['worker'], { DATABASE_URL: proxy.url });
    const script = await scene.plan('run `trap "" TERM; sleep 61.5; sleep 62.5` in staging');
    const restart = await scene.plan('restart svc-a1 in staging');
    for (const plan of [script, restart]) await scene.reign.api().decide(plan);
    await untilRunning(scene, 'shell.run');
    await until(
      () => marked().length > 0,
      20_000,
      () => 'the script does not run',
    );
    proxy.cut();
    const cutOff = scene.processes.worker;
    await until(
      async () => (await lost(scene)).length > 0,
      20_000,
      () => 'nobody notices that the worker is lost',
    );
    expect(marked()).toEqual([]);
    await scene.start(['worker']);
    const sent = await sentOf(scene);
    await scene.finish(sent);
    expect((await scene.reign.api().plan(script.id)).state).toBe('needs-a-person');
    expect((await scene.reign.api().plan(restart.id)).state).toBe('succeeded');
    const versions = await scene.rows('select id, version from plans order by id');
    proxy.heal();
    // It is of use again: with the other one gone, it carries out a plan.
    await scene.kill(['worker']);
    const next = await scene.plan('scale svc-a2 to 3 in staging');
    await scene.finish(await sentOf(scene));
    expect(cutOff.child.exitCode).toBe(null);
    expect((await scene.reign.api().plan(next.id)).state).toBe('succeeded');
    const same = await scene.rows('select id, version from plans where id <> $1 order by id', [next.id]);
    expect(same).toEqual(versions);
    expect(await generations(scene, ['svc-a1'])).toEqual([2]);
    expect(await scene.brokenPromises(await sentOf(scene))).toEqual([]);
  });

  it('doubles nothing when it was asleep for longer than its lease', async () => {
    scene = await createScene();
    const sleeper = scene.processes.worker;
    const plans = await Promise.all(wishes.map((text) => scene?.plan(text)));
    for (const plan of plans) if (plan) await scene.reign.api().decide(plan);
    await untilRunning(scene, 'kubernetes.restart');
    sleeper.child.kill('SIGSTOP');
    cleanUp.push(async () => sleeper.child.kill('SIGCONT'));
    await scene.start(['worker']);
    const sent = await sentOf(scene);
    await scene.finish(sent);
    expect(await statesOf(scene, sent)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    const versions = await scene.rows('select id, version from plans order by id');
    await scene.kill(['worker']);
    sleeper.child.kill('SIGCONT');
    const next = await scene.plan('scale svc-a5 to 2 in staging');
    await scene.finish(await sentOf(scene));
    expect((await scene.reign.api().plan(next.id)).state).toBe('succeeded');
    const same = await scene.rows('select id, version from plans where id <> $1 order by id', [next.id]);
    expect(same).toEqual(versions);
    expect(await generations(scene, ['svc-a1', 'svc-a2', 'svc-a3', 'svc-a4'])).toEqual([2, 2, 2, 2]);
    expect(await scene.brokenPromises(await sentOf(scene))).toEqual([]);
  });
});

/** Processes of the script that ignores being asked to end. */
const marked = () => [...processesNaming('sleep 61.5'), ...processesNaming('sleep 62.5')];

async function lost(scene: Scene | undefined): Promise<unknown[]> {
  const events = await scene?.rows(
    `select s.id from audit_events e join audit_payloads a using (chain, seq)
     join steps s on s.id = a.payload::json ->> 'step'
     where e.type = 'step.lost' and s.operation = 'shell.run'`,
  );
  return events ?? [];
}

async function untilRunning(scene: Scene, operation: string): Promise<void> {
  await until(
    async () => {
      // A write is made in a moment; following it takes longer, and both are this worker's work.
      const running = await scene.rows(
        `select id from steps where state in ('running', 'verifying') and operation = $1`,
        [operation],
      );
      return running.length > 0;
    },
    20_000,
    () => `${operation} does not start`,
  );
}

async function sentOf(scene: Scene): Promise<{ message: string; conversation: string }[]> {
  return scene.rows(
    'select id as message, conversation_id as conversation from messages order by received_at',
  );
}

/** How the plans of some messages ended; with the reason where it was not with success. */
async function statesOf(scene: Scene, sent: readonly { message: string }[]): Promise<string[]> {
  const rows = await scene.rows<{ state: string; outcome: string }>(
    'select state, outcome from plans where message_id = any($1)',
    [sent.map(({ message }) => message)],
  );
  return rows.map(({ state, outcome }) => (state === 'succeeded' ? state : `${state}: ${outcome}`));
}

/** A deployment begins with generation 1; each write of its spec counts one up. */
async function generations(scene: Scene, names: readonly string[]): Promise<number[]> {
  const all = await Promise.all(names.map((name) => scene.deployment(name)));
  return all.map(({ generation }) => generation);
}

async function withDatabase(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

type OwnPostgres = { url: string; stop(): Promise<void>; start(): Promise<void> };

/** A Postgres that nobody else uses; started again, it has the same address. */
async function ownPostgres(): Promise<OwnPostgres> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'reign-test-postgres-'));
  const launch = () =>
    startServices({ dataDir, install: 'never', say: () => {}, redisUrl: 'redis://unused' });
  let services = await launch();
  const url = services.databaseUrl;
  cleanUp.push(async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    url,
    stop: () => services.stop(),
    async start() {
      services = await launch();
      expect(services.databaseUrl).toBe(url);
    },
  };
}

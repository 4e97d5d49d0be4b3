import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { planEnded } from '../../src/domain/plan.ts';
import { startRedisServer } from '../support/redis-servers.ts';
import { createReign, type TestReign, until } from '../support/reign.ts';
import { isAlive } from './processes.ts';
import { createScene, kube, type Scene } from './support.ts';

let scene: Scene | undefined;
let reign: TestReign | undefined;
afterEach(async () => {
  await scene?.stop();
  await reign?.stop();
  scene = undefined;
  reign = undefined;
});

describe('SIGTERM', () => {
  it('lets the step that runs end, starts nothing more, and leaves nothing unclear', async () => {
    scene = await createScene();
    const { worker } = scene.processes;
    const script = await scene.plan('run `sleep 2` in staging');
    // The second restart needs the first one: it becomes ready while the worker is on its way out.
    const chain = await scene.plan('restart svc-a1 in staging, then restart svc-a1 in staging');
    expect(chain.steps).toHaveLength(2);
    for (const plan of [script, chain]) await scene.reign.api().decide(plan);
    const running = `select id from steps where state = 'running' and operation = 'shell.run'`;
    await until(
      async () => (await scene?.rows(running))?.length === 1,
      20_000,
      () => 'the script does not start',
    );
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect((await scene.reign.api().plan(script.id)).state).toBe('succeeded');
    const left = await scene.rows<{ state: string }>(
      'select state from steps where lease_until is not null or worker is not null or state = $1',
      ['unclear'],
    );
    expect(left).toEqual([]);
    await scene.start(['worker']);
    const sent = await scene.rows<{ message: string; conversation: string }>(
      'select id as message, conversation_id as conversation from messages',
    );
    await scene.finish(sent);
    expect((await scene.reign.api().plan(chain.id)).state).toBe('succeeded');
    expect((await scene.deployment('svc-a1')).generation).toBe(1 + chain.steps.length);
    const lost = await scene.rows(`select 1 from audit_events where type in ('step.lost', 'step.unclear')`);
    expect(lost).toEqual([]);
    expect(await scene.brokenPromises(sent)).toEqual([]);
  });

  it('leaves a step that takes longer than a stop to the next worker, which goes on with it', async () => {
    scene = await createScene();
    const { worker } = scene.processes;
    const slow = { spec: { minReadySeconds: 34 } };
    await kube(scene.reign.dataDir, 'PATCH', '/apis/apps/v1/namespaces/crash/deployments/svc-a1', slow);
    const { generation } = await scene.deployment('svc-a1');
    const { id } = await scene.plan('restart svc-a1 in staging');
    const api = scene.reign.api();
    await api.decide(await api.plan(id));
    await api.until(id, ({ steps }) => steps[0]?.state === 'verifying');
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect((await api.plan(id)).state).toBe('running');
    await scene.start(['worker']);
    expect((await api.until(id, ({ state }) => planEnded(state))).state).toBe('succeeded');
    expect((await scene.deployment('svc-a1')).generation).toBe(generation + 1);
  });

  it('ends both within seconds while Redis is silent and nothing runs', async () => {
    const redis = await startRedisServer([]);
    try {
      scene = await createScene({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
      const processes = Object.values(scene.processes);
      redis.child.kill('SIGSTOP');
      const before = Date.now();
      for (const { child } of processes) child.kill('SIGTERM');
      expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual([0, 0]);
      expect(Date.now() - before).toBeLessThan(20_000);
    } finally {
      redis.child.kill('SIGCONT');
      await redis.stop();
    }
  });
});

describe('a whole Reign with services of its own', () => {
  it('adopts after kill -9 what it had started, goes on, and Ctrl-C stops all of that and nothing else', async () => {
    reign = await createReign();
    const embedded = { DATABASE_URL: '', REDIS_URL: '', REIGN_LEASE_SECONDS: '2' };
    const first = await reign.start('all', embedded);
    const you = reign.api();
    const plan = await you.planFor('restart checkout in staging');
    await you.decide(plan);
    await you.until(plan.id, ({ state }) => state === 'running');
    first.child.kill('SIGKILL');
    await first.ended;
    const services = await servicesOf(reign.dataDir);
    expect(services.filter((id) => !isAlive(id))).toEqual([]);
    const second = await reign.start('all', embedded);
    expect(second.output().match(/still running and (is|are) used again/g)).toHaveLength(3);
    expect(await servicesOf(reign.dataDir)).toEqual(services);
    expect((await you.until(plan.id, ({ state }) => planEnded(state))).state).toBe('succeeded');
    const { body } = await you.call<{ ok: boolean }>('POST', '/audit/verify', {});
    expect(body.ok).toBe(true);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(services.filter(isAlive)).toEqual([]);
    // The Redis of the test is none of its services.
    expect(await answers(reign.redis.url)).toBe(true);
  });
});

/** The process ids of the demo clusters, Redis and Postgres of a data folder. */
async function servicesOf(dataDir: string): Promise<number[]> {
  const json = async <T>(...name: string[]) =>
    JSON.parse(await readFile(path.join(dataDir, ...name), 'utf8')) as T;
  const clusters = await json<{ pid: number }>('demo-cluster', 'run.json');
  const redis = await json<{ pid: number }>('redis.pid');
  const { base } = await json<{ base: string }>('postgres.json');
  const data = await findFile(base, 'postmaster.pid');
  const postgres = Number.parseInt(await readFile(data, 'utf8'), 10);
  return [clusters.pid, redis.pid, postgres];
}

async function findFile(folder: string, name: string): Promise<string> {
  const found = (await readdir(folder, { recursive: true })).find((file) => path.basename(file) === name);
  if (found === undefined) throw new Error(`there is no ${name} in ${folder}`);
  return path.join(folder, found);
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url);
  try {
    return (await redis.ping()) === 'PONG';
  } finally {
    redis.disconnect();
  }
}

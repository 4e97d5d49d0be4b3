import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiOf, temporaryFolder, until } from './support.ts';

/** The process of its own: what it writes, who may start it twice, and what a kill leaves behind. */

const { folder, remove } = temporaryFolder();
const program = join(folder, 'main.mjs');
const data = join(folder, 'data');
const runFile = join(data, 'demo-cluster', 'run.json');
const children: ChildProcess[] = [];

beforeAll(async () => {
  const entry = join(import.meta.dirname, '../../src/demo-cluster/main.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: program });
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  remove();
});

test('says ready, writes its files privately, ends on SIGTERM', async () => {
  const child = start();
  expect(await outputOf(child)).toBe('ready\n');
  const run = readRun();
  expect(run.pid).toBe(child.pid);
  expect(run.clusters.map(({ name }) => name)).toEqual(['staging', 'production']);
  expect(statSync(runFile).mode & 0o777).toBe(0o600);
  expect(statSync(join(data, 'demo.kubeconfig')).mode & 0o777).toBe(0o600);

  const second = start();
  expect(await endOf(second)).toBe(1);
  expect(second.errors()).toContain(`is in use by process ${child.pid}`);

  child.kill('SIGTERM');
  expect(await endOf(child)).toBe(0);
  expect(existsSync(runFile)).toBe(false);
});

test('a remembered port that is taken by now is given up, an asked one is not', async () => {
  const taken = createServer();
  const port = Number(new URL(readSettingsUrl()).port);
  await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
  const child = start();
  await outputOf(child);
  expect(readRun().clusters[0].url).not.toContain(`:${port}`);
  child.kill('SIGTERM');
  await endOf(child);
  const asked = start(port);
  expect(await endOf(asked)).toBe(1);
  expect(asked.errors()).toContain(`port ${port} for staging is in use`);
  taken.close();
});

test('after kill -9 every acknowledged write is there, on the same addresses', async () => {
  const first = start();
  await outputOf(first);
  const before = readRun();
  const [staging] = before.clusters;
  const acknowledged = await writeUntilKilled(staging, first);
  expect(acknowledged.length).toBeGreaterThan(20);
  // A line that was being written when the process died.
  appendFileSync(join(data, 'demo-cluster', 'staging', 'journal.jsonl'), '{"revision":999999,"type":"pu');

  const second = start();
  await outputOf(second);
  const after = readRun();
  expect(after.clusters).toEqual(before.clusters);
  const api = apiOf(after.clusters[0].url, after.clusters[0].token);
  const { body } = await api('GET', '/api/v1/namespaces/shop/configmaps');
  const names = new Set(body.items.map((item: { metadata: { name: string } }) => item.metadata.name));
  expect(acknowledged.filter(({ name }) => !names.has(name))).toEqual([]);
  const newest = Math.max(...acknowledged.map(({ revision }) => revision));
  const created = await api('POST', '/api/v1/namespaces/shop/configmaps', { metadata: { name: 'after' } });
  expect(Number(created.body.metadata.resourceVersion)).toBeGreaterThan(newest);
  // A watcher from before the restart is told to start over.
  const watch = await api('GET', '/api/v1/namespaces/shop/pods?watch=1&resourceVersion=5&timeoutSeconds=5');
  expect(watch.body).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  await until(async () => {
    const list = await api('GET', '/apis/apps/v1/namespaces/shop/deployments');
    return list.body.items.every(
      (each: { spec: { replicas: number }; status?: { availableReplicas?: number } }) => {
        return each.status?.availableReplicas === each.spec.replicas;
      },
    );
  });
  second.kill('SIGKILL');
  await endOf(second);
});

interface Run {
  pid: number;
  clusters: [Cluster, Cluster];
}

interface Cluster {
  name: string;
  url: string;
  token: string;
}

/** Creates ConfigMaps from several sides at once and kills the process amid them. */
async function writeUntilKilled(
  cluster: Cluster,
  child: ChildProcess,
): Promise<{ name: string; revision: number }[]> {
  const api = apiOf(cluster.url, cluster.token);
  const acknowledged: { name: string; revision: number }[] = [];
  const write = async (worker: number) => {
    for (let number = 0; ; number += 1) {
      const name = `written-${worker}-${number}`;
      const reply = await api('POST', '/api/v1/namespaces/shop/configmaps', { metadata: { name } });
      acknowledged.push({ name, revision: Number(reply.body.metadata.resourceVersion) });
      if (acknowledged.length === 60) child.kill('SIGKILL');
    }
  };
  await Promise.allSettled([0, 1, 2, 3].map(write));
  await endOf(child);
  return acknowledged;
}

function readSettingsUrl(): string {
  const settings = JSON.parse(readFileSync(join(data, 'demo-cluster', 'settings.json'), 'utf8'));
  return `http://127.0.0.1:${settings.staging.port}`;
}

function start(stagingPort = 0): ChildProcess & { errors(): string } {
  const args = [program, '--data', data, '--staging-port', String(stagingPort), '--production-port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  return Object.assign(child, { errors: () => errors });
}

async function outputOf(child: ChildProcess & { errors(): string }): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`ended early: ${child.errors()}`);
    return text.includes('\n');
  });
  return text;
}

function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

function readRun(): Run {
  return JSON.parse(readFileSync(runFile, 'utf8')) as Run;
}

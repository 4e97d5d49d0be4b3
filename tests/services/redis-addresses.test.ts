import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { consume } from '../../jobs/consume.ts';
import { connectQueue } from '../../jobs/queues.ts';
import { alwaysInReach } from '../../jobs/reach.ts';
import type { RedisAddress } from '../../src/domain/ports/redis-address.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { noTelemetry } from '../../src/domain/ports/telemetry.ts';
import { askRedis, type RedisServer, startRedisServer, startSentinel } from '../support/redis-servers.ts';
import { until } from '../support/reign.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const kept = async (server: Promise<RedisServer>) => {
  const started = await server;
  cleanUp.push(started.stop);
  return started;
};

/** Both sides of the queue of steps; `pass` hands steps out until one of them has arrived. */
async function bothSides(address: RedisAddress) {
  const arrived = new Set<string>();
  const queue = connectQueue(address);
  const consumer = consume(
    'steps',
    { redis: address, reach: alwaysInReach },
    { concurrency: 2, logger: silentLogger, telemetry: noTelemetry, about: () => ({}) },
    async ({ id }) => {
      arrived.add(id);
    },
  );
  cleanUp.push(
    () => queue.close(),
    () => consumer.drain(1_000),
  );
  let handed = 0;
  return async (milliseconds = 15_000) => {
    const first = handed;
    let says = '';
    const one = async () => {
      handed += 1;
      await queue.queue.step(`s-${handed}`, 1).catch((error: Error) => {
        says = error.message;
      });
      return [...arrived].some((id) => Number(id.slice(2)) > first);
    };
    await until(one, milliseconds, () => `no step arrives: ${says}`);
  };
}

it('hands out steps through the master that Sentinels name, and goes on after a failover', async () => {
  const login = ['requirepass secret', 'masterauth secret'];
  const master = await kept(startRedisServer(login));
  const replica = await kept(startRedisServer([...login, `replicaof 127.0.0.1 ${master.port}`]));
  const watched = { name: 'reign', host: '127.0.0.1', port: master.port, quorum: 1 };
  const sentinel = await kept(startSentinel(watched));
  askRedis('127.0.0.1', sentinel.port, 'sentinel', 'set', 'reign', 'auth-pass', 'secret');
  await until(
    () =>
      askRedis('127.0.0.1', sentinel.port, 'sentinel', 'replicas', 'reign').includes(String(replica.port)),
    20_000,
    () => 'the Sentinel does not find the replica',
  );
  const sentinels = [`127.0.0.1:${sentinel.port}`];
  const pass = await bothSides({ sentinels, master: 'reign', password: 'secret' });
  await pass();
  await master.stop();
  await pass(30_000);
  const now = askRedis('127.0.0.1', sentinel.port, 'sentinel', 'get-master-addr-by-name', 'reign');
  expect(now).toContain(String(replica.port));
});

it('hands out steps through a cluster', async () => {
  const nodes = await Promise.all(
    [1, 2, 3].map(() => kept(startRedisServer(['cluster-enabled yes', 'cluster-node-timeout 2000']))),
  );
  const cluster = nodes.map(({ port }) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...cluster, '--cluster-yes'], { stdio: 'pipe' });
  const pass = await bothSides({ cluster });
  await pass();
});

it('speaks TLS with an authority and a certificate of its own, and refuses a stranger', async () => {
  const { ca, cert, key, stranger } = certificates();
  const settings = [`tls-ca-cert-file ${ca}`, `tls-cert-file ${cert}`, `tls-key-file ${key}`];
  const { port } = await kept(startRedisServer(settings));
  const url = `rediss://127.0.0.1:${port}`;
  const pass = await bothSides({ url, tls: { ca, cert, key } });
  await pass();
  const other = connectQueue({ url, tls: { ca: stranger, cert, key } });
  cleanUp.push(() => other.close());
  await expect(other.queue.ping()).rejects.toThrow();
});

it('notices a server that falls silent, and goes on when it speaks again', async () => {
  const server = await kept(startRedisServer([]));
  const pass = await bothSides({ url: `redis://127.0.0.1:${server.port}` });
  await pass();
  const queue = connectQueue({ url: `redis://127.0.0.1:${server.port}` });
  cleanUp.push(() => queue.close());
  await until(
    () => queue.queue.ping().then(() => true),
    20_000,
    () => 'Redis does not answer',
  );
  server.child.kill('SIGSTOP');
  const before = Date.now();
  await expect(queue.queue.ping()).rejects.toThrow();
  expect(Date.now() - before).toBeLessThan(10_000);
  server.child.kill('SIGCONT');
  await pass();
});

function certificates() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'reign-test-tls-'));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  for (const name of ['ca', 'stranger']) {
    const made = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...made);
  }
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'own.key',
    '-out',
    'own.csr',
    '-subj',
    '/CN=own',
  );
  writeFileSync(at('own.ext'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'own.ext'];
  openssl('x509', '-req', '-in', 'own.csr', '-days', '2', '-out', 'own.pem', ...signed);
  return { ca: at('ca.pem'), cert: at('own.pem'), key: at('own.key'), stranger: at('stranger.pem') };
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from './reign.ts';

export type RedisServer = { port: number; child: ChildProcess; stop(): Promise<void> };

/** Where servers are to run: on loopback, or behind a command that enters a network namespace. */
export type Place = { host: string; enter: readonly string[] };

export const loopback: Place = { host: '127.0.0.1', enter: [] };

/** One `redis-server` with these settings on a free port of loopback, or on a fixed one elsewhere. */
export async function startRedisServer(
  settings: readonly string[],
  { place = loopback, port = 0, ready = 'Ready to accept connections', flags = [] as string[] } = {},
): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reign-test-redis-server-'));
  const chosen = port || (await freePort());
  const file = path.join(folder, 'redis.conf');
  const tls = settings.some((line) => line.startsWith('tls-cert-file'));
  const own = [
    `bind ${place.host}`,
    tls ? `port 0\ntls-port ${chosen}` : `port ${chosen}`,
    'protected-mode no',
    `dir ${folder}`,
  ];
  await writeFile(file, `${[...own, ...settings].join('\n')}\n`);
  const [command = '', ...args] = [...place.enter, 'redis-server', file, ...flags];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  await until(
    () => output.includes(ready),
    10_000,
    () => `redis-server: ${output}`,
  );
  return {
    port: chosen,
    child,
    async stop() {
      const gone = new Promise((resolve) => child.once('close', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Sentinel that watches one master, and gives it up after a second of silence. */
export function startSentinel(
  master: { name: string; host: string; port: number; quorum: number },
  options: { place?: Place; port?: number } = {},
): Promise<RedisServer> {
  const { name, host, port, quorum } = master;
  const settings = [
    'sentinel resolve-hostnames yes',
    `sentinel monitor ${name} ${host} ${port} ${quorum}`,
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 3000`,
  ];
  return startRedisServer(settings, { ...options, ready: '+monitor master', flags: ['--sentinel'] });
}

/** What a server answers to one command. */
export function askRedis(host: string, port: number, ...command: string[]): string {
  return execFileSync('redis-cli', ['-h', host, '-p', String(port), ...command], {
    stdio: 'pipe',
  }).toString();
}

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  // A node of a cluster also takes this port and 10,000.
  return port > 55_000 ? freePort() : port;
}

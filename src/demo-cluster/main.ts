import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type DemoCluster, type DemoClusterOptions, startDemoCluster, writeDemoKubeconfig } from './index.ts';
import { lockFolder } from './lock.ts';
import { writeDurably } from './store/journal.ts';

/** The process of the demo clusters: `--data DIR --staging-port N --production-port N`. */

interface Settings {
  token: string;
  port: number;
}

const names = ['staging', 'production'] as const;

// Whoever read our output may be gone; that is no reason to end.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  const { data, ports } = readArguments();
  const folder = join(data, 'demo-cluster');
  const unlock = lockFolder(folder);
  const saved = readSettings(join(folder, 'settings.json'));
  const running: { name: string; token: string; cluster: DemoCluster }[] = [];
  for (const name of names) {
    const token = saved[name]?.token ?? randomBytes(24).toString('base64url');
    const asked = ports[name] === 0 ? (saved[name]?.port ?? 0) : ports[name];
    const options = { name, dataDir: join(folder, name), token, log: (line: string) => log(name, line) };
    running.push({ name, token, cluster: await startOn(options, asked, ports[name] === 0) });
  }
  const settings = running.map(({ name, token, cluster }) => [name, { token, port: cluster.port }]);
  await writeDurably(join(folder, 'settings.json'), JSON.stringify(Object.fromEntries(settings)));
  const clusters = running.map(({ name, token, cluster: { url, uid } }) => ({ name, url, token, uid }));
  await writeDemoKubeconfig(join(data, 'demo.kubeconfig'), clusters);
  const runFile = join(folder, 'run.json');
  const startedAt = new Date().toISOString();
  await writeDurably(runFile, JSON.stringify({ pid: process.pid, startedAt, clusters }));

  const stop = async () => {
    rmSync(runFile, { force: true });
    await Promise.all(running.map(({ cluster }) => cluster.close()));
    unlock();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  process.stdout.write('ready\n');
}

/** Starts on the remembered port; when somebody else has it by now, on any free one. */
async function startOn(options: DemoClusterOptions, port: number, mayMove: boolean): Promise<DemoCluster> {
  try {
    return await startDemoCluster({ ...options, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (!mayMove) throw new Error(`demo cluster: port ${port} for ${options.name} is in use`);
    return startDemoCluster({ ...options, port: 0 });
  }
}

function readArguments(): { data: string; ports: Record<(typeof names)[number], number> } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { data: text, 'staging-port': text, 'production-port': text } });
  if (values.data === undefined) throw new Error('demo cluster: --data DIR is missing');
  const data = resolve(values.data);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const ports = { staging: portOf(values['staging-port']), production: portOf(values['production-port']) };
  return { data, ports };
}

function portOf(value: string | undefined): number {
  const port = Number(value ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Error(`demo cluster: ${value} is not a port`);
}

function readSettings(file: string): Partial<Record<string, Settings>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Settings>;
  } catch {
    return {};
  }
}

function log(name: string, line: string): void {
  process.stderr.write(`demo cluster ${name}: ${line}\n`);
}

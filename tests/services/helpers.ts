import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pg from 'pg';
import { identify } from '../../src/services/processes.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** A folder that every account may pass through (mkdtemp makes it 0700). */
export async function temporaryFolder(name = 'reign-services-'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  await chmod(folder, 0o755);
  return folder;
}

/** Kills a process, and waits until it is gone: one that is about to die may still be connected to. */
export async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (await identify(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Ends whatever services a test left on these data folders, by the pids noted there. */
export async function endLeftovers(...dataDirs: string[]): Promise<void> {
  for (const dataDir of dataDirs) {
    const base = (await readJson(join(dataDir, 'postgres.json')))?.base;
    const postmaster = Number.parseInt(await read(join(String(base), 'data', 'postmaster.pid')), 10);
    if (await runsIn(postmaster, String(base))) process.kill(postmaster, 'SIGQUIT');
    for (const file of ['redis.pid', 'demo-cluster.pid']) {
      const noted = await readJson(join(dataDir, file));
      const living = await identify(Number(noted?.pid));
      if (living && living.born === noted?.born) process.kill(living.pid, 'SIGKILL');
    }
    while (await runsIn(postmaster, String(base))) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!String(base).startsWith('/var/lib/reign/')) continue;
    await rm(String(base), { recursive: true, force: true });
    await rmdir('/var/lib/reign').catch(() => {});
  }
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export async function postmasterPid(dataDir: string): Promise<number> {
  return Number.parseInt(await read(join(dataDir, 'postgres', 'data', 'postmaster.pid')), 10);
}

export async function redisPid(dataDir: string): Promise<number> {
  return Number((await readJson(join(dataDir, 'redis.pid')))?.pid);
}

/** Bundles the program that stands in for Reign, so that it can be a process of its own and be killed. */
export async function bundleReign(): Promise<{ file: string; remove(): Promise<void> }> {
  // Inside the project, because packages are looked up from the file's place.
  const folder = join(project, 'node_modules', '.cache', `reign-services-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'reign.mjs');
  await build({
    entryPoints: [join(project, 'tests', 'services', 'stand-in.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: file,
    logLevel: 'error',
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface StandIn {
  child: ChildProcess;
  /** The first line it printed: what it got, or the error. */
  said: Record<string, unknown>;
  killNow(): Promise<void>;
  stopGently(): Promise<void>;
}

/** Starts the stand-in and waits for its first word. */
export async function startReign(
  file: string,
  words: string[],
  options: { uid?: number; gid?: number; cwd?: string } = {},
): Promise<StandIn> {
  const child = spawn(process.execPath, [file, ...words], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void gone.then(() => setTimeout(() => resolve('{"error":"ended silently"}'), 500));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return {
    child,
    said: JSON.parse(said),
    killNow: () => end('SIGKILL'),
    stopGently: () => end('SIGTERM'),
  };
}

async function runsIn(pid: number, base: string): Promise<boolean> {
  if (!(await identify(pid))) return false;
  return (await read(`/proc/${pid}/cmdline`)).includes(base);
}

async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}

async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  const text = await read(file);
  return text === '' ? undefined : JSON.parse(text);
}

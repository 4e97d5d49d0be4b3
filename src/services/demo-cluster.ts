import { join, resolve } from 'node:path';
import { makeFolder, prepareDataDir } from './data-dir.ts';
import type { DemoClusterAddress } from './demo-run.ts';
import { readDemoRun } from './demo-run.ts';
import { findDetached, startDetached } from './detached.ts';
import { lastWords } from './logs.ts';
import { answersOn, freePort } from './ports.ts';
import type { ProcessIdentity } from './processes.ts';
import { endProcess, isAlive } from './processes.ts';
import { ServiceError } from './service-error.ts';
import { waitFor } from './wait.ts';

export interface DemoClusterOptions {
  dataDir: string;
  /** The JavaScript file of the demo cluster's process. */
  entry: string;
  say: (line: string) => void;
}

export interface DemoCluster {
  clusters: DemoClusterAddress[];
  kubeconfig: string;
  adopted: boolean;
  /** Ends this one process, within bounded time. */
  stop(): Promise<void>;
}

/**
 * The demo clusters of a data folder: the process that runs already is adopted when all its clusters answer, else
 * one is started detached, on the ports it had last time when they are free.
 */
export async function startDemoCluster(options: DemoClusterOptions): Promise<DemoCluster> {
  const dataDir = await prepareDataDir(options.dataDir);
  await makeFolder(join(dataDir, 'demo-cluster'), 0o700);
  const running = await findDetached(pidFile(dataDir));
  const known = running ? await readDemoRun(dataDir, running.pid) : undefined;
  if (running && known && (await allAnswer(known))) {
    options.say(`The demo clusters were still running and are used again (${addresses(known)}).`);
    return demoCluster(dataDir, running, known, true);
  }
  if (running) await stop(running);
  const { identity, clusters } = await launch(dataDir, resolve(options.entry));
  options.say(`The demo clusters are up (${addresses(clusters)}).`);
  return demoCluster(dataDir, identity, clusters, false);
}

async function launch(
  dataDir: string,
  entry: string,
): Promise<{ identity: ProcessIdentity; clusters: DemoClusterAddress[] }> {
  const before = (await readDemoRun(dataDir)) ?? [];
  const logFile = join(dataDir, 'logs', 'demo-cluster.log');
  const server = await startDetached({
    command: process.execPath,
    arguments: [
      entry,
      '--data',
      dataDir,
      '--staging-port',
      await portAgain(before, 'staging'),
      '--production-port',
      await portAgain(before, 'production'),
    ],
    folder: dataDir,
    logFile,
    pidFile: pidFile(dataDir),
  });
  const clusters = await waitFor(
    async () => {
      if (!(await isAlive(server.identity))) return 'ended' as const;
      if (!/^ready$/m.test(await server.output())) return undefined;
      const run = await readDemoRun(dataDir, server.identity.pid);
      return run && (await allAnswer(run)) ? run : undefined;
    },
    { milliseconds: 30_000 },
  );
  if (clusters !== undefined && clusters !== 'ended') return { identity: server.identity, clusters };
  await stop(server.identity);
  const reason = lastWords(await server.output()) || 'it said nothing';
  throw new ServiceError(
    'demo-cluster-failed',
    `The demo cluster did not start: ${reason} (its log is ${logFile})`,
  );
}

async function allAnswer(clusters: readonly DemoClusterAddress[]): Promise<boolean> {
  const answers = await Promise.all(clusters.map(async ({ url }) => await answersOn(portOf(url))));
  return answers.every(Boolean);
}

async function portAgain(before: readonly DemoClusterAddress[], name: string): Promise<string> {
  const url = before.find((cluster) => cluster.name === name)?.url;
  if (url === undefined) return '0';
  const port = portOf(url);
  return (await freePort(port)) === port ? String(port) : '0';
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

function pidFile(dataDir: string): string {
  return join(dataDir, 'demo-cluster.pid');
}

function addresses(clusters: readonly DemoClusterAddress[]): string {
  return clusters.map(({ name, url }) => `${name} at ${url}`).join(', ');
}

async function stop(identity: ProcessIdentity): Promise<void> {
  const gone = await endProcess(identity, [
    { signal: 'SIGTERM', seconds: 10 },
    { signal: 'SIGKILL', seconds: 5 },
  ]);
  if (gone) return;
  throw new ServiceError('demo-cluster-failed', `The demo cluster (process ${identity.pid}) does not stop.`);
}

function demoCluster(
  dataDir: string,
  identity: ProcessIdentity,
  clusters: DemoClusterAddress[],
  adopted: boolean,
): DemoCluster {
  return { clusters, kubeconfig: join(dataDir, 'demo.kubeconfig'), adopted, stop: () => stop(identity) };
}

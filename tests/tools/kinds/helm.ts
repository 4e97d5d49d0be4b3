import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoCluster, writeDemoKubeconfig } from '../../../src/demo-cluster/index.ts';
import { helm } from '../../../src/tools/helm/index.ts';
import { chartsFolder, helmByHand } from '../support/helm-bed.ts';
import { openBed } from './bed.ts';
import { startFaultyServer } from './faulty-server.ts';
import type { Table, World } from './table.ts';

export type HelmWorld = World & {
  /** Runs helm as the cluster's administrator, past Reign. */
  helm(...args: string[]): Promise<string>;
};

const token = 'test-token';
const timing = { podReadyMs: 30, imagePullBackOffMs: 50, terminationMs: 20 };
const wire = (name: string) =>
  readFileSync(join(import.meta.dirname, `../../demo-cluster/kube-wire/${name}.body`), 'utf8');
const recorded = (status: number) => ({ kind: 'answer' as const, status, body: wire(String(status)) });
export const forbidden = recorded(403);

const staging = { environment: 'staging' };
const shop = { release: 'shop', ...staging };
const none = { release: 'zz-none', ...staging };
const noChart = { chart: 'zz-none', ...staging };
const read = { request: shop, missing: none };
const aside = 'It reads a folder of this machine: no server is asked that could refuse, hang or break.';
const folderOnly = { 'no rights': aside, 'time-out': aside, 'broken answers': aside };
const theirs = ({ helm }: HelmWorld) => helm('upgrade', 'shop', 'web', '--set', 'tag=9');

/** The real helm on the demo cluster, as the whole of a fresh one for each trial that writes. */
export const helmTable: Table<HelmWorld> = {
  tool: helm,
  engine:
    'the real helm 4.1 and the demo cluster, through the real broker; refusals as recorded from a 1.36 API server',
  refusals: [forbidden, recorded(401)],
  program: true,
  cases: {
    'helm.list': { request: staging, missing: { environment: 'zz-none' } },
    'helm.status': read,
    'helm.history': read,
    'helm.values': read,
    'helm.template': { request: { chart: 'web', ...staging }, missing: noChart, without: folderOnly },
    'helm.lint': { request: { chart: 'web', ...staging }, missing: noChart, without: folderOnly },
    'helm.create_chart': {
      request: { name: 'mailer', image: 'acme/mailer:5', ...staging },
      missing: 'It makes what is not there.',
    },
    'helm.install': {
      request: { chart: 'web', release: 'fresh', ...staging },
      missing: noChart,
      meddle: ({ helm }) => helm('upgrade', '--install', 'fresh', 'web', '--set', 'tag=9'),
    },
    'helm.upgrade': { request: { values: 'tag=3', ...shop }, missing: none, meddle: theirs },
    'helm.rollback': { ...read, meddle: theirs },
    'helm.uninstall': {
      ...read,
      persists: true,
      // What is uninstalled with its history kept is brought back by a rollback.
      meddle: async (world) => {
        await theirs(world).catch(() => world.helm('rollback', 'shop', '1'));
      },
    },
    'helm.test': { ...read, persists: true, again: /^DELETE .*pods/, meddle: theirs },
  },
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
    cpSync(await seeded(), folder, { recursive: true });
    return openWorld(folder);
  },
};

async function openWorld(folder: string): Promise<HelmWorld> {
  const cluster = await startDemoCluster({ name: 'staging', dataDir: join(folder, 'data'), token, timing });
  const server = await startFaultyServer(cluster.url);
  const bed = await openBed(
    [
      { kind: 'kubernetes', name: 'main', server, token },
      { kind: 'folder', name: 'charts', folder: chartsFolder },
    ],
    { hurry: 10 },
  );
  const kubeconfig = join(folder, 'kubeconfig');
  await writeDemoKubeconfig(kubeconfig, [{ name: 'staging', url: cluster.url, token }]);
  return {
    bed,
    helm: (...args) => helmByHand(folder, args),
    async close() {
      await bed.close();
      await server.close();
      await cluster.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let seed: Promise<string> | undefined;

/** The folder of a cluster with the release `shop`, of whose revisions the second is deployed. */
function seeded(): Promise<string> {
  seed ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-seed-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'data'));
    const data = join(folder, 'data');
    const cluster = await startDemoCluster({ name: 'staging', dataDir: data, token, timing });
    await writeDemoKubeconfig(join(folder, 'kubeconfig'), [{ name: 'staging', url: cluster.url, token }]);
    await helmByHand(folder, ['install', 'shop', 'web', '--wait']);
    await helmByHand(folder, ['upgrade', 'shop', 'web', '--set', 'tag=2', '--wait']);
    await cluster.close();
    return folder;
  })();
  return seed;
}

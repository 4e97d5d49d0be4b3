import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { startDemoCluster } from '../../../src/demo-cluster/index.ts';
import type { SandboxOptions } from '../../../src/sandbox/index.ts';
import { type Api, apiOf } from '../../demo-cluster/support.ts';
import { type Kubelet, outsideImage, startKubelet } from '../../support/kubelet/index.ts';

const run = promisify(execFile);

export const namespace = 'reign';
export const token = 'test-token';

/** A demo cluster with a stand-in for a kubelet, and the manifest that an operator applies. */
export type PodBed = {
  url: string;
  api: Api;
  /** What real kubectl answers in the namespace of the steps. */
  kubectl(...args: string[]): Promise<string>;
  kubelet: Kubelet;
  pod: NonNullable<SandboxOptions['pod']>;
  stop(): Promise<void>;
};

/** Whether pods can be played here; says so loudly when they cannot. */
export function canPlayPods(): boolean {
  const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;
  const works = process.getuid?.() === 0 && has('bwrap') && has('kubectl');
  if (!works)
    console.warn(
      'SKIPPED: no root, bubblewrap or kubectl for the stand-in of a kubelet; pods were not tested.',
    );
  return works;
}

export async function openPodBed(code: readonly string[], withPolicy = true): Promise<PodBed> {
  const dataDir = mkdtempSync(join(tmpdir(), 'reign-pods-'));
  const timing = { podReadyMs: 60, terminationMs: 40, imagePullBackOffMs: 60 };
  const cluster = await startDemoCluster({ name: 'staging', dataDir, token, timing });
  const api = apiOf(cluster.url, token);
  const port = await freePort();
  await api('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  if (withPolicy) await applyPolicy(api, port);
  const kubelet = await startKubelet({ url: cluster.url, token, code });
  return {
    url: cluster.url,
    api,
    kubectl: (...args) => runKubectl(cluster.url, dataDir, args),
    kubelet,
    pod: {
      ...{ image: outsideImage, namespace, address: '127.0.0.1', port, waiting: 1, startSeconds: 30 },
      access: async () => ({ url: cluster.url, headers: { authorization: `Bearer ${token}` }, secrets: [] }),
    },
    async stop() {
      await kubelet.stop();
      await cluster.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** kubectl sends no bearer token over plain HTTP, but it does send the password of an address. */
async function runKubectl(url: string, home: string, args: readonly string[]): Promise<string> {
  const server = ['--server', url.replace('//', `//admin:${token}@`), '-n', namespace];
  // Not in one piece: the cluster runs in this very process.
  const { stdout } = await run('kubectl', [...server, ...args], {
    env: { PATH: process.env['PATH'], HOME: home },
  });
  return stdout;
}

/** The NetworkPolicy of docs/step-pods.yaml, with the test's own port. */
async function applyPolicy(api: Api, port: number): Promise<void> {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/step-pods.yaml'), 'utf8');
  const [policy] = parseAllDocuments(text.replaceAll('7374', String(port)))
    .map((document) => document.toJS() as { kind: string })
    .filter(({ kind }) => kind === 'NetworkPolicy');
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  const { status, text: said } = await api('POST', path, policy);
  if (status !== 201) throw new Error(said);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

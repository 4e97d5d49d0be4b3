import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoCluster, startDemoCluster, type Timing } from '../../../src/demo-cluster/index.ts';
import type { ConnectionView, EnvironmentView } from '../../../src/domain/environment.ts';
import { type StepProxy, startProxy } from './proxy.ts';
import { hostOf, type TestWriter, testWriter } from './writer.ts';

export type TestClusters = {
  staging: DemoCluster;
  production: DemoCluster;
  proxy: StepProxy;
  environments: EnvironmentView[];
  writer(): TestWriter;
  /** A request as the cluster's administrator, past the proxy. */
  kube(method: string, path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
};

const token = 'test-token';
const quick = { podReadyMs: 150, imagePullBackOffMs: 200, terminationMs: 50 };

/** Two demo clusters, `staging` and `production`, behind a proxy. `kube` talks to staging. */
export async function startClusters(timing: Partial<Timing> = quick): Promise<TestClusters> {
  const folder = mkdtempSync(join(tmpdir(), 'reign-tools-'));
  const start = (name: string) => startDemoCluster({ name, dataDir: join(folder, name), token, timing });
  const [staging, production] = await Promise.all([start('staging'), start('production')]);
  const environments = [
    environment('staging', 'nonproduction', ['stg']),
    environment('production', 'production', ['prod', 'live']),
  ];
  const upstreams = {
    [hostOf('kubernetes:staging/main')]: { url: staging.url, token },
    [hostOf('kubernetes:production/main')]: { url: production.url, token },
  };
  const proxy = await startProxy(join(folder, 'broker.sock'), upstreams);
  return {
    staging,
    production,
    proxy,
    environments,
    writer: () => testWriter(environments, proxy.socketPath),
    kube: (method, path, body) => ask(staging.url, method, path, body),
    async close() {
      await proxy.close();
      await Promise.all([staging.close(), production.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environment(name: string, tier: EnvironmentView['tier'], aliases: string[]): EnvironmentView {
  const connection: ConnectionView = {
    id: `kubernetes:${name}/main`,
    kind: 'kubernetes',
    environment: name,
    name: 'main',
    demo: true,
  };
  return { name, tier, aliases, connections: [connection] };
}

async function ask(url: string, method: string, path: string, body?: object) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as unknown;
}

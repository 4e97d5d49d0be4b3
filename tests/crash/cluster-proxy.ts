import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type net from 'node:net';
import path from 'node:path';

/** A write that the cluster has carried out; dry runs are left out. */
export type Write = { method: string; path: string; at: number };

/** Stands before the staging and the production cluster, and counts what is written there. */
export type ClusterProxy = {
  /** Where staging is, on every address of this machine. */
  port: number;
  writes: Write[];
  /** Writes to one deployment of the namespace `crash`. */
  writesTo(deployment: string): number;
  /** The kubeconfig of the demo clusters, with staging behind the proxy at `host`. */
  kubeconfig(host: string): Promise<string>;
  close(): Promise<void>;
};

type Kubeconfig = { clusters: { name: string; cluster: { server: string } }[] };

export async function startClusterProxy(dataDir: string): Promise<ClusterProxy> {
  const text = await readFile(path.join(dataDir, 'demo.kubeconfig'), 'utf8');
  const { clusters } = JSON.parse(text) as Kubeconfig;
  const staging = new URL(clusters.find(({ name }) => name === 'staging')?.cluster.server ?? '');
  const writes: Write[] = [];
  const server = http.createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const far = http.request(
      { host: staging.hostname, port: staging.port, method, path: url, headers },
      (answer) => {
        const status = answer.statusCode ?? 500;
        if (method !== 'GET' && status < 300 && !url.includes('dryRun='))
          writes.push({ method, path: url.split('?')[0] ?? '', at: Date.now() });
        response.writeHead(status, answer.headers);
        answer.pipe(response);
      },
    );
    far.on('error', () => response.destroy());
    response.on('close', () => far.destroy());
    request.pipe(far);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    writes,
    writesTo: (name) =>
      writes.filter(({ path }) => new RegExp(`/crash/deployments/${name}(/|$)`).test(path)).length,
    async kubeconfig(through) {
      const config = JSON.parse(text) as Kubeconfig;
      for (const { name, cluster } of config.clusters) {
        if (name !== 'staging') continue;
        const address = new URL(cluster.server);
        address.host = through;
        cluster.server = address.href.replace(/\/$/, '');
      }
      return JSON.stringify(config);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

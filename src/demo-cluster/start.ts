import type { AddressInfo } from 'node:net';
import { type Cluster, defaultTiming, type Timing } from './cluster.ts';
import { startControllers } from './controllers/controllers.ts';
import { makeServer } from './http/server.ts';
import { lockFolder } from './lock.ts';
import { seedCluster } from './seed.ts';
import { openStore, type Store } from './store/store.ts';

export interface DemoClusterOptions {
  /** `staging` or `production`; it also names the nodes. */
  name: string;
  /** Where the cluster is kept; another process cannot use the folder at the same time. */
  dataDir: string;
  /** 0 or absent: any free port. */
  port?: number;
  host?: '127.0.0.1';
  /** The bearer token of the one administrator. */
  token: string;
  timing?: Partial<Timing>;
  log?: (line: string) => void;
}

export interface DemoCluster {
  url: string;
  port: number;
  /** The uid of the namespace kube-system: the identity of the cluster, kept across restarts. */
  uid: string;
  close(): Promise<void>;
}

/** Starts a demo cluster: its store, its controllers and its API on a loopback port. */
export async function startDemoCluster(options: DemoClusterOptions): Promise<DemoCluster> {
  const unlock = lockFolder(options.dataDir);
  let store: Store | undefined;
  let controllers: { stop(): void } | undefined;
  try {
    store = await openStore(options.dataDir);
    const log = options.log ?? (() => undefined);
    const cluster: Cluster = {
      name: options.name,
      store,
      timing: { ...defaultTiming, ...options.timing },
      secret: options.token,
      log,
    };
    controllers = startControllers(cluster);
    const running = controllers;
    await seedCluster(cluster);
    await store.stored();
    const server = makeServer(cluster);
    const port = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
    const opened = store;
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      uid: store.get('namespaces', undefined, 'kube-system')?.metadata.uid ?? '',
      async close() {
        running.stop();
        server.close();
        server.closeAllConnections();
        await opened.close();
        unlock();
      },
    };
  } catch (error) {
    controllers?.stop();
    await store?.close();
    unlock();
    throw error;
  }
}

function listen(server: ReturnType<typeof makeServer>, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoCluster } from '../../../src/demo-cluster/index.ts';
import { monitoring } from '../../../src/tools/monitoring/index.ts';
import { type MonitoringServers, startMonitoring } from '../support/monitoring-servers.ts';
import { openBed } from './bed.ts';
import { type FaultyServer, startFaultyServer, type Trouble } from './faulty-server.ts';
import type { Table, World } from './table.ts';

type MonitoringWorld = World & { prometheus: FaultyServer };

// Neither server knows users: a proxy before them refuses, and not in JSON.
const said = (status: number, text: string): Trouble => ({
  ...{ kind: 'answer', status, type: 'text/plain', body: text },
});
const refusals = [said(401, 'Unauthorized\n'), said(403, 'Forbidden\n')];

const staging = { environment: 'staging' };
const service = { kind: 'servicemonitor', name: 'cart', namespace: 'shop', ...staging };
const address = ({ prometheus }: MonitoringWorld) => `${prometheus.url}/-/healthy`;
const outcome =
  'It asks the web: refusals, time-outs and broken answers are what it is to tell (see its own tests).';

let servers: Promise<MonitoringServers> | undefined;

export async function closeMonitoring(): Promise<void> {
  await (await servers)?.close();
}

/** One Prometheus and one Alertmanager for all trials; silences are known by their marks. */
export const monitoringTable: Table<MonitoringWorld> = {
  tool: monitoring,
  engine: 'a real Prometheus, Alertmanager and demo cluster, through the real broker',
  refusals,
  cases: {
    'monitoring.check': {
      request: (world) => ({ url: address(world) }),
      missing: 'An address that nobody serves is not healthy, which is its answer.',
      without: { 'no rights': outcome, 'time-out': outcome, 'broken answers': outcome },
    },
    'monitoring.query': {
      request: { query: 'up', ...staging },
      missing: { query: 'up', environment: 'zz-none' },
    },
    'monitoring.alerts': { request: staging, missing: { environment: 'zz-none' } },
    'monitoring.silence': {
      request: { alert: 'AlwaysFires', duration: '1h', ...staging },
      missing: { alert: 'ZzNone', duration: '1h', ...staging },
      without: { conflict: 'A silence is one more: it depends on nothing that others change.' },
    },
    'monitoring.load_test': {
      traceless: true,
      request: (world) => ({ url: address(world), connections: 1, duration: '1s' }),
      missing: { url: 'http://zz-none.example/', connections: 1, duration: '1s' },
      without: {
        ...{ 'no rights': outcome, 'time-out': outcome, 'broken answers': outcome },
        conflict: 'Load depends on nothing that others change.',
        'lost worker': 'Load that was sent leaves nothing; it is sent again.',
      },
    },
    'monitoring.generate': { request: service, missing: { ...service, name: 'zz-none' } },
  },
  async open() {
    servers ??= startMonitoring();
    const { prometheus, alertmanager } = await servers;
    const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
    const cluster = await startDemoCluster({ name: 'staging', dataDir: folder, token: 'test-token' });
    const [one, two, three] = await Promise.all(
      [prometheus, alertmanager, cluster.url].map((url) => startFaultyServer(url)),
    );
    if (!one || !two || !three) throw new Error('no servers');
    const bed = await openBed(
      [
        { kind: 'prometheus', name: 'main', server: one },
        { kind: 'alertmanager', name: 'main', server: two },
        { kind: 'kubernetes', name: 'main', server: three },
      ],
      { hosts: [new URL(one.url).host] },
    );
    return {
      ...{ bed, prometheus: one },
      async close() {
        await bed.close();
        await Promise.all([one.close(), two.close(), three.close()]);
        await cluster.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

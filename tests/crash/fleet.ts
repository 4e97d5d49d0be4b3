import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { startDemoCluster } from '../../src/services/index.ts';
import { type Api, createApi, createReign, type Process, type TestReign, until } from '../support/reign.ts';
import { type ClusterProxy, startClusterProxy } from './cluster-proxy.ts';
import { makeDeployments, type Role, type Scene, type Sent } from './support.ts';

/** One process with a data folder of its own. */
export type Member = { name: string; role: Role; dataDir: string; process: Process; api: Api };

/** Several gateways and workers on one database, one Redis and one cluster. */
export type Fleet = {
  reign: TestReign;
  members: Member[];
  gateways(): Member[];
  workers(): Member[];
  cluster: ClusterProxy;
  deployments: readonly string[];
  rows: Scene['rows'];
  /** Starts one more with a data folder of its own: with the keys of the others, or (`strange`) without. */
  join(name: string, role: Role, strange?: 'strange'): Promise<Member>;
  /** Ends a member with a signal and starts it again. */
  restart(member: Member, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Sends a message with one key to one gateway after the other until one has taken it. */
  say(text: string, first?: number): Promise<Sent>;
  /** Asks one gateway after the other until one answers with a status below 500. */
  call: Api['call'];
  stop(): Promise<void>;
};

export type FleetOptions = {
  gateways: number;
  workers: number;
  deployments: number;
  env?: Record<string, string>;
  more?: string;
  /** Where members run that do not share this network; `env` says how the database and Redis are reached there. */
  network?: (reign: TestReign) => Promise<Network>;
};
export type Network = {
  /** The address of this side. */
  address: string;
  place(name: string): Promise<{ env: Record<string, string>; enter: readonly string[] }>;
};

const people = `
people:
  - { name: alice, roles: [operator], slack: T01TEST/U01ALICE }
  - { name: bob, roles: [lead], slack: T01TEST/U02BOB }
`;
const configuration = (kubeconfig: string) => `${people}
environments:
  staging: { tier: nonproduction, clusters: { main: { kubeconfig: ${kubeconfig}, context: staging } } }
  production: { tier: production, clusters: { main: { kubeconfig: ${kubeconfig}, context: production } } }
`;

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const reign = await createReign();
  const entry = path.resolve(import.meta.dirname, '../../dist/demo-cluster.js');
  await startDemoCluster({ dataDir: reign.dataDir, entry, say: () => {} });
  const deployments = Array.from({ length: options.deployments }, (_, index) => `svc-${index + 1}`);
  await makeDeployments(reign.dataDir, deployments);
  const cluster = await startClusterProxy(reign.dataDir);
  const database = new pg.Pool({ connectionString: reign.database.url, max: 3 });
  database.on('error', () => {});
  const rows: Fleet['rows'] = async (text, values = []) => (await database.query(text, values)).rows as never;
  const start = await starter(reign, cluster, options);
  const members: Member[] = [];
  const name = (role: Role, index: number) => `${role}-${index + 1}`;
  // The first makes the keys that all others are given.
  members.push(await start(name('gateway', 0), 'gateway'));
  const others = [
    ...Array.from({ length: options.gateways - 1 }, (_, index) => ['gateway', index + 1] as const),
    ...Array.from({ length: options.workers }, (_, index) => ['worker', index] as const),
  ];
  members.push(...(await Promise.all(others.map(([role, index]) => start(name(role, index), role)))));
  const gateways = () => members.filter(({ role }) => role === 'gateway');
  const call = callAny(gateways);
  return {
    ...{ reign, members, cluster, deployments, rows, gateways, call },
    workers: () => members.filter(({ role }) => role === 'worker'),
    async join(name, role, strange) {
      const member = await start(name, role, strange);
      members.push(member);
      return member;
    },
    async restart(member, signal) {
      member.process.child.kill(signal);
      await member.process.ended;
      Object.assign(member, await start(member.name, member.role));
    },
    say: (text, first = 0) => sayTo(gateways(), text, first),
    async stop() {
      await database.end();
      await cluster.close();
      await reign.stop();
    },
  };
}

async function starter(reign: TestReign, cluster: ClusterProxy, options: FleetOptions) {
  const folder = (name: string) => path.join(reign.dataDir, name);
  const network = await options.network?.(reign);
  // Configuration lies at the same place for all: where a credential is read is part of what is approved.
  const [file, kubeconfig] = [folder('reign.yaml'), folder('kubeconfig')];
  const host = `${network?.address ?? '127.0.0.1'}:${cluster.port}`;
  await writeFile(kubeconfig, await cluster.kubeconfig(host), { mode: 0o600 });
  await writeFile(file, configuration(kubeconfig) + (options.more ?? ''));
  return async (name: string, role: Role, strange?: 'strange'): Promise<Member> => {
    const dataDir = folder(name);
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    const keys = path.join(dataDir, 'keys');
    if (name !== 'gateway-1' && !strange) await cp(folder('gateway-1/keys'), keys, { recursive: true });
    const place = await network?.place(name);
    const settings = {
      REIGN_DATA_DIR: dataDir,
      REIGN_CONFIG: file,
      REIGN_LEASE_SECONDS: '3',
      // Given to all: a key file that is made later would be each one's own.
      REIGN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      ...options.env,
      ...place?.env,
    };
    const process = await reign.start(role, settings, place?.enter);
    return { name, role, dataDir, process, api: createApi(dataDir) };
  };
}

async function sayTo(gateways: readonly Member[], text: string, first: number): Promise<Sent> {
  const key = crypto.randomUUID();
  let sent: Sent | undefined;
  let turn = first;
  let says = '';
  const taken = async () => {
    const gateway = gateways[turn++ % gateways.length];
    const { status, body } = (await gateway?.api.call<Sent>('POST', '/messages', { text, key })) ?? {};
    says = `${status} ${JSON.stringify(body)}`;
    if (status === 202) sent = body;
    return status === 202;
  };
  await until(taken, 60_000, () => `nobody takes "${text}": ${says}`);
  return sent as Sent;
}

function callAny(gateways: () => readonly Member[]): Api['call'] {
  let turn = 0;
  return async (method, route, body) => {
    let answer: { status: number; body: unknown } | undefined;
    const answered = async () => {
      const all = gateways();
      answer = await all[turn++ % all.length]?.api.call(method, route, body);
      return answer !== undefined && answer.status < 500;
    };
    await until(answered, 60_000, () => `${method} ${route}: ${JSON.stringify(answer)}`);
    return answer as never;
  };
}

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoCluster } from '../../../src/demo-cluster/index.ts';
import { kubernetes } from '../../../src/tools/kubernetes/index.ts';
import { type Any, openBed } from './bed.ts';
import { startFaultyServer } from './faulty-server.ts';
import type { Table, World } from './table.ts';

export type ClusterWorld = World & {
  /** A request as the cluster's administrator. */
  kube(method: string, path: string, body?: object): Promise<Any>;
};

export const token = 'test-token';
export const timing = { podReadyMs: 30, imagePullBackOffMs: 50, terminationMs: 20 };
const wire = (name: string) =>
  readFileSync(join(import.meta.dirname, `../../demo-cluster/kube-wire/${name}.body`), 'utf8');
const recorded = (status: number) => ({ kind: 'answer' as const, status, body: wire(String(status)) });

const apps = '/apis/apps/v1/namespaces/shop/deployments';
const maps = '/api/v1/namespaces/shop/configmaps';
const node = '/api/v1/nodes/demo-staging-1';
const staging = { environment: 'staging' };
const cart = { name: 'cart', ...staging };
const nothing = { name: 'zz-no-such-thing', ...staging };
const lonely = { kind: 'service', name: 'lonely', ...staging };
const service = (labels: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'lonely', namespace: 'shop', labels },
  spec: { selector: { app: 'lonely' }, ports: [{ port: 80 }] },
});
const map = (value: string) =>
  ['alpha', 'beta']
    .map(
      (name) =>
        `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop}\ndata: {KEY: ${value}}\n`,
    )
    .join('---\n');
const image = (name: string, tag: string) => ({
  spec: { template: { spec: { containers: [{ name, image: `registry.demo/${name}:${tag}` }] } } },
});
const scaled = (name: string, replicas: number) => (world: ClusterWorld) =>
  world.kube('PATCH', `${apps}/${name}`, { spec: { replicas } });
const wholly = (request: object, missing: object | string) => ({ request, missing });
// Without the right to list them, the card says that they would not be seen.
export const extras = /\/(horizontalpodautoscalers|poddisruptionbudgets)$/;
const unmissable = 'It lists what is there.';

/** The demo cluster, as the whole of a fresh one for each trial that writes. */
export const kubernetesTable: Table<ClusterWorld> = {
  tool: kubernetes,
  engine: 'the demo cluster, through the real broker; refusals as recorded from a 1.36 API server',
  refusals: [recorded(403), recorded(401)],
  cases: {
    'kubernetes.list': wholly({ kind: 'pods', namespace: 'shop', ...staging }, { kind: 'zzz', ...staging }),
    'kubernetes.describe': wholly({ kind: 'deployment', ...cart }, { kind: 'deployment', ...nothing }),
    'kubernetes.get': wholly({ kind: 'deployment', ...cart }, { kind: 'deployment', ...nothing }),
    'kubernetes.top': wholly({ kind: 'pods', ...staging }, unmissable),
    'kubernetes.logs': wholly(cart, nothing),
    'kubernetes.events': wholly(cart, nothing),
    'kubernetes.rollout_status': wholly(cart, nothing),
    'kubernetes.wait': wholly({ kind: 'deployment', ...cart }, { kind: 'deployment', ...nothing }),
    'kubernetes.port_check': wholly({ port: '80', ...cart }, { port: '80', ...nothing }),
    'kubernetes.quota': wholly({ namespace: 'shop', ...staging }, { namespace: 'zzz', ...staging }),
    'kubernetes.can_i': wholly({ verb: 'delete', kind: 'pods', ...staging }, unmissable),
    'kubernetes.who_can': wholly({ namespace: 'shop', ...staging }, { namespace: 'zzz', ...staging }),
    'kubernetes.compare': {
      ...wholly({ name: 'cart' }, { name: 'zz-no-such-thing' }),
      // A cluster that does not answer hides nothing of the others: its copy is unknown, and why.
      spares: /^GET .*\/deployments\/cart$/,
    },
    'kubernetes.scale': {
      spares: extras,
      ...wholly({ replicas: 4, ...cart }, { replicas: 4, ...nothing }),
      meddle: scaled('cart', 5),
    },
    'kubernetes.scale_by': {
      spares: /autoscalers|budgets|nodes$|v1\/pods$/,
      ...wholly({ factor: 2, ...cart }, { factor: 2, ...nothing }),
      meddle: scaled('cart', 7),
    },
    'kubernetes.autoscale': {
      ...wholly({ min: 2, max: 6, cpu: 60, ...cart }, { max: 6, ...nothing }),
      meddle: async ({ kube }) => {
        const path = '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers';
        const spec = {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
          ...{ minReplicas: 1, maxReplicas: 9 },
        };
        const made = {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'cart' },
        };
        await kube('PATCH', `${path}/cart`, { spec: { maxReplicas: 9 } }).catch(() =>
          kube('POST', path, { ...made, spec }),
        );
      },
    },
    'kubernetes.restart': {
      spares: extras,
      ...wholly(cart, nothing),
      meddle: ({ kube }) => kube('PATCH', `${apps}/cart`, image('cart', '9.9.9')),
    },
    'kubernetes.rollback': {
      spares: extras,
      ...wholly({ name: 'checkout', ...staging }, nothing),
      meddle: ({ kube }) => kube('PATCH', `${apps}/checkout`, image('checkout', '9.9.9')),
    },
    'kubernetes.set_image': {
      spares: extras,
      ...wholly({ tag: '2.0.4', ...cart }, { tag: '2.0.4', ...nothing }),
      meddle: ({ kube }) => kube('PATCH', `${apps}/cart`, image('cart', '9.9.9')),
    },
    'kubernetes.cordon': {
      ...wholly({ name: 'demo-staging-1', ...staging }, nothing),
      meddle: ({ kube }) => kube('DELETE', node),
    },
    'kubernetes.uncordon': {
      ...wholly({ name: 'demo-staging-1', ...staging }, nothing),
      before: ({ kube }) => kube('PATCH', node, { spec: { unschedulable: true } }),
      meddle: ({ kube }) => kube('DELETE', node),
    },
    'kubernetes.drain': {
      ...wholly({ name: 'demo-staging-1', ...staging }, nothing),
      again: /\/eviction$/,
      meddle: ({ kube }) => kube('DELETE', node),
    },
    'kubernetes.create_namespace': {
      ...wholly({ name: 'preview-7', ...staging }, 'It makes what is not there.'),
      meddle: async ({ kube }) => {
        const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'preview-7' } };
        await kube('POST', '/api/v1/namespaces', body).catch(() =>
          kube('POST', '/api/v1/namespaces/preview-7/configmaps', {
            ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs' }, data: { a: 'b' } },
          }),
        );
      },
    },
    'kubernetes.delete': {
      ...wholly(lonely, { kind: 'service', ...nothing }),
      before: ({ kube }) => kube('POST', '/api/v1/namespaces/shop/services', service({})),
      meddle: async ({ kube }) => {
        const path = '/api/v1/namespaces/shop/services';
        const labels = { part: 'theirs' };
        await kube('PATCH', `${path}/lonely`, {
          metadata: { labels },
          spec: { ports: [{ port: 81 }] },
        }).catch(() => kube('POST', path, service(labels)));
      },
    },
    'kubernetes.apply': {
      ...wholly(
        { manifest: map('mine'), ...staging },
        { manifest: map('x').replaceAll('shop', 'zzz'), ...staging },
      ),
      meddle: async ({ kube }) => {
        const body = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'alpha' },
          data: { KEY: 'theirs' },
        };
        await kube('PATCH', `${maps}/alpha`, body).catch(() => kube('POST', maps, body));
      },
    },
    'kubernetes.patch': {
      spares: extras,
      ...wholly(
        { kind: 'deployment', patch: '{"spec":{"replicas":3}}', ...cart },
        { kind: 'deployment', patch: '{"spec":{"replicas":3}}', ...nothing },
      ),
      meddle: scaled('cart', 5),
    },
    'kubernetes.set_secret': {
      ...wholly(
        { name: 'db-login', namespace: 'shop', key: 'password', secret: 'vault:db', ...staging },
        { name: 'db-login', namespace: 'zzz', key: 'password', secret: 'vault:db', ...staging },
      ),
      meddle: async ({ kube }) => {
        const body = {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'db-login' },
          stringData: { password: 'p' },
        };
        await kube('POST', '/api/v1/namespaces/shop/secrets', body);
      },
    },
    'kubernetes.create_job': {
      ...wholly(
        { name: 'once', image: 'registry.demo/web:1.0', namespace: 'shop', ...staging },
        { name: 'once', image: 'registry.demo/web:1.0', namespace: 'zzz', ...staging },
      ),
      meddle: ({ kube }) =>
        kube('POST', '/apis/batch/v1/namespaces/shop/jobs', {
          ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' } },
          spec: {
            template: {
              spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'registry.demo/web:1.0' }] },
            },
          },
        }),
    },
    'kubernetes.run_job': {
      ...wholly({ name: 'ledger-backup', ...staging }, nothing),
      meddle: ({ kube }) => kube('DELETE', '/apis/batch/v1/namespaces/payments/cronjobs/ledger-backup'),
    },
  },
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
    cpSync(await seeded(), folder, { recursive: true });
    const cluster = await startDemoCluster({ name: 'staging', dataDir: folder, token, timing });
    const server = await startFaultyServer(cluster.url, ({ path }) => path.includes('accessreviews'));
    // Two names of one cluster: kubernetes.compare wants two.
    const place = { kind: 'kubernetes' as const, name: 'main', server, token };
    const bed = await openBed([place, { ...place, environment: 'production' }]);
    return {
      bed,
      kube: (method, path, body) => ask(cluster.url, method, path, body),
      async close() {
        await bed.close();
        await server.close();
        await cluster.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

let seed: Promise<string> | undefined;

/** The folder of a cluster whose first rollouts are over. */
export function seeded(): Promise<string> {
  seed ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-seed-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const cluster = await startDemoCluster({ name: 'staging', dataDir: folder, token, timing });
    for (let ready = false; !ready; ) {
      const { items } = await ask(cluster.url, 'GET', '/apis/apps/v1/deployments');
      ready = items.every(
        ({ spec, status }: Any) =>
          status.replicas === spec.replicas && status.availableReplicas === spec.replicas,
      );
    }
    await cluster.close();
    return folder;
  })();
  return seed;
}

export async function ask(url: string, method: string, path: string, body?: object): Promise<Any> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

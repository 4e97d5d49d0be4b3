import { type Cluster, timestamp } from './cluster.ts';
import { clone, type JsonObject } from './json.ts';
import { controllerName, createObject, updateObject } from './registry.ts';
import { findKind, resourceOf } from './resources.ts';
import type { Deployment, KubeObject } from './types.ts';

interface App {
  namespace: string;
  name: string;
  tag: string;
  staging: number;
  production: number;
}

const apps: App[] = [
  { namespace: 'shop', name: 'checkout', tag: '1.4.1', staging: 3, production: 6 },
  { namespace: 'shop', name: 'cart', tag: '2.0.3', staging: 2, production: 4 },
  { namespace: 'shop', name: 'catalog', tag: '3.1.0', staging: 2, production: 4 },
  { namespace: 'shop', name: 'web', tag: '5.2.0', staging: 2, production: 4 },
  { namespace: 'shop', name: 'worker', tag: '1.0.7', staging: 1, production: 3 },
  { namespace: 'payments', name: 'payments-api', tag: '2.8.4', staging: 2, production: 4 },
  { namespace: 'payments', name: 'ledger', tag: '1.12.0', staging: 2, production: 3 },
  { namespace: 'payments', name: 'worker', tag: '1.9.2', staging: 1, production: 3 },
];

/**
 * Fills a new cluster with nodes, two namespaces and their services; the pause lets the controllers note the
 * first revisions before a newer checkout comes, so that there is something to roll back to. Started again
 * when it was interrupted, and never once it is complete.
 */
export async function seedCluster(cluster: Cluster): Promise<void> {
  const { store } = cluster;
  const isSeeded = () =>
    store.get('namespaces', undefined, 'kube-system')?.metadata.annotations?.[seededMark] === 'true';
  if (isSeeded()) return;
  addEverything(cluster);
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const sets = store.list('replicasets.apps', 'shop');
    if (sets.some(({ metadata }) => metadata.name.startsWith('checkout-'))) break;
  }
  addSecondRevision(cluster);
  const live = store.get('namespaces', undefined, 'kube-system');
  if (live === undefined) return;
  const annotations = { ...live.metadata.annotations, [seededMark]: 'true' };
  updateObject(
    cluster,
    resourceOf('namespaces'),
    live,
    { ...live, metadata: { ...live.metadata, annotations } },
    { writer },
  );
}

const seededMark = 'reign.dev/demo-seeded';

function addEverything(cluster: Cluster): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'shop', 'payments']) {
    add(cluster, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (let number = 1; number <= 3; number += 1) addNode(cluster, `demo-${cluster.name}-${number}`, number);
  for (const app of apps) addApp(cluster, app);
  for (const object of extras(cluster)) add(cluster, object);
}

function addSecondRevision(cluster: Cluster): void {
  const live = cluster.store.get('deployments.apps', 'shop', 'checkout') as Deployment | undefined;
  if (live === undefined) return;
  const next = clone(live);
  const [container] = next.spec.template.spec.containers;
  if (container !== undefined) container.image = 'registry.demo/checkout:1.4.2';
  updateObject(cluster, resourceOf('deployments.apps'), live, next, { writer });
}

const writer = { manager: 'demo-seed', operation: 'Update' } as const;
const mark = { 'reign.dev/demo': 'true' };

function add(cluster: Cluster, object: JsonObject & { metadata: object }): KubeObject {
  const resource = findKind(String(object.apiVersion), String(object.kind));
  if (resource === undefined) throw new Error(`the seed names an unknown kind: ${String(object.kind)}`);
  const metadata = { labels: mark, ...object.metadata } as unknown as KubeObject['metadata'];
  const draft = { ...object, metadata } as KubeObject;
  const place = resource.namespaced ? metadata.namespace : undefined;
  const there = cluster.store.get(resource.key, place, metadata.name);
  if (there !== undefined) return there;
  const isNode = resource.key === 'nodes';
  const by = isNode ? { ...writer, manager: controllerName } : writer;
  return createObject(cluster, resource, draft, { writer: by });
}

function addApp(cluster: Cluster, { namespace, name, tag, staging, production }: App): void {
  const labels = { app: name, ...mark };
  const selector = { app: name };
  const container = {
    name,
    image: `registry.demo/${name}:${tag}`,
    ports: [{ name: 'http', containerPort: 8080 }],
    env: [{ name: 'ENVIRONMENT', value: cluster.name }],
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
  };
  add(cluster, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels, annotations: mark },
    spec: {
      replicas: cluster.name === 'production' ? production : staging,
      progressDeadlineSeconds: 60,
      selector: { matchLabels: selector },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  });
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
  add(cluster, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: { selector, ports },
  });
}

function extras(cluster: Cluster): (JsonObject & { metadata: object })[] {
  const shop = { namespace: 'shop' };
  const backend = (name: string) => ({ service: { name, port: { name: 'http' } } });
  const path = (prefix: string, name: string) => ({
    path: prefix,
    pathType: 'Prefix',
    backend: backend(name),
  });
  const paths = [path('/checkout', 'checkout'), path('/', 'web')];
  return [
    configMap('checkout-settings', 'shop', { LOG_LEVEL: 'info', CURRENCY: 'EUR', CLUSTER: cluster.name }),
    nightlyBackup(),
    configMap('payments-settings', 'payments', { LOG_LEVEL: 'info', PROVIDER: 'demo-bank' }),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'payments-key', namespace: 'payments' },
      stringData: { key: 'not-a-real-key' },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web', ...shop },
      spec: { ingressClassName: 'demo', rules: [{ host: `shop.${cluster.name}.demo`, http: { paths } }] },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'catalog', ...shop },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'catalog' },
        minReplicas: 2,
        maxReplicas: 8,
      },
    },
  ];
}

function configMap(
  name: string,
  namespace: string,
  data: Record<string, string>,
): JsonObject & { metadata: object } {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

function addNode(cluster: Cluster, name: string, number: number): void {
  const now = timestamp();
  const condition = (type: string, status: string, reason: string, message: string) => {
    const times = { lastHeartbeatTime: now, lastTransitionTime: now };
    return { type, status, reason, message, ...times };
  };
  const size = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '50Gi' };
  add(cluster, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...mark, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: { podCIDR: `10.244.${number}.0/24`, providerID: `demo://${name}` },
    status: {
      capacity: size,
      allocatable: size,
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'demo node: nothing really runs here'),
      ],
      addresses: [
        { type: 'InternalIP', address: `172.18.0.${number + 1}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.32.0-demo',
        osImage: 'demo cluster',
        kernelVersion: 'demo',
        containerRuntimeVersion: 'demo://1',
        ...{
          architecture: 'amd64',
          operatingSystem: 'linux',
          machineID: name,
          systemUUID: name,
          bootID: name,
        },
        kubeProxyVersion: 'v1.32.0-demo',
      },
    },
  });
}

/** What the runbook for a backup before a migration starts. */
function nightlyBackup(): JsonObject & { metadata: object } {
  const container = {
    name: 'backup',
    image: 'registry.demo/ledger-backup:1.3.0',
    resources: { requests: { cpu: '50m', memory: '64Mi' } },
  };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'ledger-backup', namespace: 'payments', labels: { app: 'ledger', ...mark } },
    spec: {
      schedule: '30 2 * * *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 0, template } },
    },
  };
}

import { join } from 'node:path';
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoCluster, writeDemoKubeconfig } from '../../src/demo-cluster/index.ts';
import { startFast, temporaryFolder, token, until } from './support.ts';

/** The common calls of the JavaScript client. */

const { folder, remove } = temporaryFolder();
let cluster: DemoCluster;
const config = new KubeConfig();

beforeAll(async () => {
  cluster = await startFast(join(folder, 'data'));
  const file = join(folder, 'demo.kubeconfig');
  await writeDemoKubeconfig(file, [{ name: 'staging', url: cluster.url, token }]);
  config.loadFromFile(file);
  // While pods still start, their counts move the resourceVersion that a scale is held against.
  const apps = config.makeApiClient(AppsV1Api);
  await until(async () => {
    const { items } = await apps.listDeploymentForAllNamespaces();
    return items.every(
      ({ spec, status }) =>
        status?.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable') &&
        status.replicas === spec?.replicas,
    );
  });
});

afterAll(async () => {
  await cluster.close();
  remove();
});

test('reads, scales, patches and applies', async () => {
  const apps = config.makeApiClient(AppsV1Api);
  const list = await apps.listDeploymentForAllNamespaces();
  expect(list.items.map((item) => item.metadata?.name)).toContain('payments-api');
  const where = { namespace: 'shop', name: 'cart' };
  const scale = await apps.readNamespacedDeploymentScale(where);
  await apps.replaceNamespacedDeploymentScale({ ...where, body: { ...scale, spec: { replicas: 3 } } });
  const body = {
    spec: { template: { spec: { containers: [{ name: 'cart', image: 'registry.demo/cart:2.1.0' }] } } },
  };
  const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  const tried = await apps.patchNamespacedDeployment({ ...where, body, dryRun: 'All' }, strategic);
  expect(tried.spec?.template.spec?.containers[0]?.image).toBe('registry.demo/cart:2.1.0');
  const live = await apps.readNamespacedDeployment(where);
  expect(live.spec?.template.spec?.containers[0]?.image).toBe('registry.demo/cart:2.0.3');
  await expect(apps.readNamespacedDeployment({ ...where, name: 'nope' })).rejects.toMatchObject({
    code: 404,
  });
});

test('watches and reads logs', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const seen: string[] = [];
  const watch = await new Watch(config).watch(
    '/api/v1/namespaces/shop/configmaps',
    {},
    (type, object) => seen.push(`${type} ${object.metadata.name}`),
    () => undefined,
  );
  await core.createNamespacedConfigMap({ namespace: 'shop', body: { metadata: { name: 'fresh' } } });
  await until(async () => seen.includes('ADDED fresh'));
  watch.abort();
  const pods = await core.listNamespacedPod({ namespace: 'shop', labelSelector: 'app=web' });
  const name = pods.items[0]?.metadata?.name ?? '';
  await until(async () =>
    (await core.readNamespacedPodLog({ namespace: 'shop', name })).includes('listening'),
  );
});

test('creates and deletes objects of any kind', async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'made', namespace: 'shop' },
    stringData: { a: 'b' },
  };
  const created = await objects.create(secret);
  expect((created as { data?: Record<string, string> }).data).toEqual({ a: 'Yg==' });
  await objects.delete(secret);
});

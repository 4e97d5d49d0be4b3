import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoCluster, writeDemoKubeconfig } from '../../src/demo-cluster/index.ts';
import type { Resource } from '../../src/demo-cluster/kinds/resource.ts';
import { findKind } from '../../src/demo-cluster/resources.ts';
import { apiOf, startFast, temporaryFolder, token } from '../demo-cluster/support.ts';
import { chart, everything, least, missingForChart, type Rendered, render, run } from './support/helm.ts';

const missing = missingForChart();
if (missing !== undefined) console.warn(`SKIPPED tests/deploy/install.test.ts: ${missing}.`);

/** The demo cluster keeps no custom kinds. */
const plain = { ...everything, worker: { autoscaling: { enabled: true } }, monitoring: {} };

/** Real helm and kubectl against the demo cluster, which runs no containers: a pod's life is played. */
describe.skipIf(missing !== undefined)('the chart on a cluster', () => {
  const { folder, remove } = temporaryFolder();
  const kubeconfig = join(folder, 'demo.kubeconfig');
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  let cluster: DemoCluster;
  const env = { ...homes, KUBECONFIG: kubeconfig };
  const helm = (args: string[], values?: object) =>
    run(
      'helm',
      [...args, '--namespace', 'ops', ...(values === undefined ? [] : ['--values', '-'])],
      env,
      values,
    );
  const kubectl = (...args: string[]) => run('kubectl', [...args, '--namespace', 'ops'], env);
  const get = async (what: string): Promise<Rendered> => JSON.parse(await kubectl('get', what, '-o', 'json'));

  beforeAll(async () => {
    cluster = await startFast(join(folder, 'data'));
    await writeDemoKubeconfig(kubeconfig, [{ name: 'staging', url: cluster.url, token }]);
    for (const name of ['ops', 'shop', 'cart'])
      await run('kubectl', ['create', 'namespace', name], env).catch(() => {});
  });
  afterAll(async () => {
    await cluster?.close();
    remove();
  });

  test.each([
    ['the least', least],
    ['everything', plain],
  ])('the server takes %s, field by field', async (_, values) => {
    const post = apiOf(cluster.url);
    for (const object of await render(values)) {
      const { group, version, plural, namespaced } = findKind(object.apiVersion, object.kind) as Resource;
      const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const place = namespaced ? `/namespaces/${object.metadata.namespace ?? 'ops'}` : '';
      const query = '?dryRun=All&fieldValidation=Strict';
      const reply = await post('POST', `${base}${place}/${plural}${query}`, object);
      expect(reply.status, `${object.kind} ${object.metadata.name}: ${reply.text}`).toBe(201);
      expect(reply.headers.get('warning')).toBeNull();
    }
  });

  test('install, test, upgrade, a refused upgrade, rollback, uninstall', async () => {
    expect(await helm(['install', 'reign', chart, '--wait', '--timeout=30s'], least)).toContain(
      'STATUS: deployed',
    );
    expect((await get('deployment/reign-worker')).status.readyReplicas).toBe(2);
    // The migration came first and is gone.
    const events: Rendered[] = (await get('events')).items;
    const job = events.find(({ involvedObject }) => involvedObject.name === 'reign-migrate');
    const worker = events.find(({ involvedObject }) => involvedObject.name === 'reign-worker');
    expect(Number(job.metadata.resourceVersion)).toBeLessThan(Number(worker.metadata.resourceVersion));
    await expect(get('job/reign-migrate')).rejects.toThrow('not found');
    expect(await helm(['test', 'reign', '--timeout=30s'])).toMatch(
      /TEST SUITE: +reign-doctor[\s\S]*Phase: +Succeeded/,
    );

    const config = { ...least.config, people: [{ name: 'bob', roles: ['lead'] }] };
    const before = (await get('deployment/reign-gateway')).spec.template.metadata.annotations[
      'checksum/config'
    ];
    const next = { ...least, config, worker: { replicas: 3 } };
    expect(await helm(['upgrade', 'reign', chart, '--wait', '--timeout=30s'], next)).toContain('REVISION: 2');
    const { template } = (await get('deployment/reign-gateway')).spec;
    expect(template.metadata.annotations['checksum/config']).not.toBe(before);
    expect((await get('configmap/reign')).data['reign.yaml']).toContain('name: bob');
    await expect(helm(['upgrade', 'reign', chart], { ...least, worker: { replicas: 'x' } })).rejects.toThrow(
      "at '/worker/replicas'",
    );
    expect((await get('deployment/reign-worker')).status.readyReplicas).toBe(3);

    await helm(['rollback', 'reign', '1', '--wait', '--timeout=30s']);
    expect((await get('deployment/reign-worker')).spec.replicas).toBe(2);
    expect((await get('configmap/reign')).data['reign.yaml']).toContain('name: alice');
    expect(await helm(['uninstall', 'reign', '--wait', '--timeout=30s'])).toContain('uninstalled');
    const left: Rendered[] = (
      await get('deployments,services,networkpolicies,poddisruptionbudgets,configmaps')
    ).items;
    expect(left.map(({ metadata }) => metadata.name)).toEqual([]);
  });
});

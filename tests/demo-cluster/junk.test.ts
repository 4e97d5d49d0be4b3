import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoCluster } from '../../src/demo-cluster/index.ts';
import { resources } from '../../src/demo-cluster/resources.ts';
import { type Api, apiOf, startFast, temporaryFolder } from './support.ts';

/** Whatever is sent, the answer is a Status and the cluster lives on. */

const { folder, remove } = temporaryFolder();
const log: string[] = [];
let cluster: DemoCluster;
let api: Api;

beforeAll(async () => {
  cluster = await startFast(folder, { log: (line) => log.push(line) });
  api = apiOf(cluster.url);
});

afterAll(async () => {
  await cluster.close();
  remove();
});

const words = [
  'name',
  'image',
  'containers',
  'template',
  'spec',
  'metadata',
  'labels',
  'selector',
  'matchLabels',
];
const more = [
  'replicas',
  'ports',
  'scaleTargetRef',
  'rules',
  'env',
  'strategy',
  'rollingUpdate',
  'initContainers',
];
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'medium' }, tie('leaf'), tie('branch'), tie('list')),
  leaf: fc.oneof(
    fc.constant(null),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('a', '', 'nginx:1', '-1', '50%'),
  ),
  branch: fc.dictionary(fc.constantFrom(...words, ...more), tie('tree'), { maxKeys: 5 }),
  list: fc.array(tie('tree'), { maxLength: 3 }),
}));

test.each(resources.map((resource) => [resource.key, resource] as const))('%s', async (_key, resource) => {
  const root =
    resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const path = `${root}/${resource.namespaced ? 'namespaces/shop/' : ''}${resource.plural}`;
  const property = fc.asyncProperty(tree, tree, tree, async (spec, status, labels) => {
    const body = { metadata: { generateName: 'junk-', labels }, spec, status, data: spec, rules: labels };
    const created = await api('POST', path, body);
    expect(created.status, created.text).toBeLessThan(500);
    const { name } = created.body.metadata;
    if (created.status !== 201) return;
    for (const type of ['merge', 'strategic-merge']) {
      const headers = { 'content-type': `application/${type}-patch+json` };
      const patched = await api('PATCH', `${path}/${name}`, { spec: status, status: spec }, headers);
      expect(patched.status, patched.text).toBeLessThan(500);
    }
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    expect((await api('GET', path, undefined, { accept })).status).toBe(200);
    const put = await api('PUT', `${path}/${name}`, { metadata: {}, spec: labels });
    expect(put.status, put.text).toBeLessThan(500);
    expect((await api('DELETE', `${path}/${name}`, { gracePeriodSeconds: 0 })).status).toBe(200);
  });
  await fc.assert(property, { numRuns: 25 });
  expect(log).toEqual([]);
});

const kept = [
  'deployments.apps',
  'replicasets.apps',
  'services',
  'horizontalpodautoscalers.autoscaling',
  'pods',
];

test.each(kept)('junk within a good object of %s', async (key) => {
  const { group, plural } = resources.find((each) => each.key === key) ?? { group: '', plural: key };
  const version = group === 'autoscaling' ? 'v2' : 'v1';
  const path = `${group === '' ? '/api' : `/apis/${group}`}/${version}/namespaces/shop/${plural}`;
  const [object] = (await api('GET', path)).body.items;
  const places = pathsOf(object).filter(([first]) => first === 'spec' || first === 'metadata');
  const property = fc.asyncProperty(fc.constantFrom(...places), tree, async (place, value) => {
    const patch = place.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
    for (const type of ['merge', 'strategic-merge']) {
      const headers = { 'content-type': `application/${type}-patch+json` };
      const reply = await api('PATCH', `${path}/${object.metadata.name}?dryRun=All`, patch, headers);
      expect(reply.status, reply.text).toBeLessThan(500);
    }
    const pointer = `/${place.map((step) => step.replaceAll('/', '~1')).join('/')}`;
    const operations = [{ op: 'add', path: pointer, value }];
    const headers = { 'content-type': 'application/json-patch+json' };
    const reply = await api('PATCH', `${path}/${object.metadata.name}?dryRun=All`, operations, headers);
    expect(reply.status, reply.text).toBeLessThan(500);
  });
  await fc.assert(property, { numRuns: 150 });
});

/** The paths of all values, through lists by their numbers. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

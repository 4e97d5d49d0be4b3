import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import { restart } from '../../src/tools/kubernetes/restart.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const where = { name: 'cart', environment: 'staging' };
const path = '/apis/apps/v1/namespaces/shop/deployments/cart';

let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

test('replaces every pod and waits until the new ones are available', async () => {
  const before = await pods();
  const { input, context, approved } = await carryOut(restart, where, writer, 'restart-1');
  expect(approved.summary).toBe('replaces its 2 pods one after the other');
  expect(await restart.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
  const after = await pods();
  expect(after).toHaveLength(2);
  expect(after.filter((name) => before.includes(name))).toEqual([]);
  expect(await restart.landed(input, writer, context)).toBe('yes');
});

test('the time of a restart makes no two previews differ, before and after another restart', async () => {
  const input = await inputFor(restart, where, writer);
  const first = await restart.preview(input, writer);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const second = await restart.preview(input, writer);
  expect(canonicalJson(second)).toBe(canonicalJson(first));
});

test('the same key restarts once, another key again', async () => {
  const { input, context } = await carryOut(restart, where, writer, 'restart-2');
  const generation = await generationOf();
  await restart.execute(input, writer, context);
  expect(await generationOf()).toBe(generation);
});

test('other code than was approved is not restarted', async () => {
  const input = await inputFor(restart, where, writer);
  const approved = await restart.preview(input, writer);
  const containers = [{ name: 'cart', image: 'registry.demo/cart:2.2.0' }];
  await clusters.kube('PATCH', path, { spec: { template: { spec: { containers } } } });
  const fault = await faultOf(restart.execute(input, writer, { approved, idempotencyKey: 'restart-3' }));
  expect(fault.message).toContain('its pod template was changed');
  expect(await restart.landed(input, writer, { approved, idempotencyKey: 'restart-3' })).toBe('unclear');
});

test('a deployment that vanished is said to be gone', async () => {
  const input = { ...(await inputFor(restart, where, writer)), name: 'gone' };
  expect((await faultOf(restart.preview(input, writer))).code).toBe('not-found');
});

async function pods(): Promise<string[]> {
  const { items } = (await clusters.kube('GET', '/api/v1/namespaces/shop/pods?labelSelector=app%3Dcart')) as {
    items: { metadata: { name: string; deletionTimestamp?: string } }[];
  };
  return items
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
}

async function generationOf(): Promise<number> {
  return ((await clusters.kube('GET', path)) as { metadata: { generation: number } }).metadata.generation;
}

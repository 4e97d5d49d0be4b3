import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { cordon } from '../../src/tools/kubernetes/cordon.ts';
import { drain } from '../../src/tools/kubernetes/drain.ts';
import { uncordon } from '../../src/tools/kubernetes/uncordon.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

type Pod = {
  metadata: { name: string; namespace: string; ownerReferences?: { kind: string; controller?: boolean }[] };
  spec: { nodeName?: string };
};

let clusters: TestClusters;
let writer: TestWriter;
let node: string;

beforeAll(async () => {
  clusters = await startClusters();
  const { items } = (await clusters.kube('GET', '/api/v1/nodes')) as {
    items: { metadata: { name: string } }[];
  };
  node = items[0]?.metadata.name ?? '';
});
beforeEach(async () => {
  clusters.proxy.beforePass = undefined;
  writer = clusters.writer();
  await mark(null);
});
afterAll(() => clusters?.close());

const where = () => ({ name: node, environment: 'staging' });
const mark = (unschedulable: boolean | null) =>
  clusters.kube('PATCH', `/api/v1/nodes/${node}`, { spec: { unschedulable } });
const isMarked = async () =>
  ((await clusters.kube('GET', `/api/v1/nodes/${node}`)) as { spec: { unschedulable?: boolean } }).spec
    .unschedulable === true;
const podsHere = async () =>
  ((await clusters.kube('GET', '/api/v1/pods')) as { items: Pod[] }).items.filter(
    ({ spec }) => spec.nodeName === node,
  );
const undoOf = (operation: { undo: unknown }) =>
  operation.undo as UndoContract<unknown, unknown> & { kind: 'reversible' };

test.each([
  ['cordon', cordon, true],
  ['uncordon', uncordon, false],
] as const)(
  '%s marks the node, is verified, and is undone once and twice',
  async (name, operation, marked) => {
    await mark(marked ? null : true);
    const done = await carryOut(operation, where(), writer, `key-${name}`);
    expect(done.approved).toMatchObject({ kind: 'dry-run', after: { unschedulable: marked } });
    expect(await isMarked()).toBe(marked);
    expect(await operation.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    expect(await operation.landed(done.input, writer, done.context)).toBe('yes');
    for (let time = 0; time < 2; time += 1) {
      await undoOf(operation).restore(done.input, done.undo, writer);
      expect(await isMarked()).toBe(!marked);
    }
  },
);

test('a preview of an unchanged world is the same to the byte, and changes nothing', async () => {
  const input = await inputFor(cordon, where(), writer);
  const first = await cordon.preview(input, writer);
  await clusters.kube('PATCH', `/api/v1/nodes/${node}`, { metadata: { labels: { touched: 'yes' } } });
  expect(canonicalJson(await cordon.preview(input, writer))).toBe(canonicalJson(first));
  expect(await isMarked()).toBe(false);
});

test('a node that somebody marked since is left as it is', async () => {
  const input = await inputFor(cordon, where(), writer);
  const approved = await cordon.preview(input, writer);
  await mark(true);
  const fault = await faultOf(cordon.execute(input, writer, { approved, idempotencyKey: 'k-late' }));
  expect(fault).toMatchObject({ code: 'world-changed' });
});

test('drain moves what controllers start again, waits for budgets, and stays cordoned until undone', async () => {
  const before = await podsHere();
  expect(before.length).toBeGreaterThan(0);
  const budgets = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets';
  const spec = { maxUnavailable: 0, selector: {} };
  await clusters.kube('POST', budgets, { metadata: { name: 'none' }, spec });
  const sleep = writer.sleep;
  const shopWhileHeld: string[][] = [];
  writer.sleep = async (milliseconds: number) => {
    const held = (await podsHere()).filter(({ metadata }) => metadata.namespace === 'shop');
    shopWhileHeld.push(held.map(({ metadata }) => metadata.name).sort());
    if (shopWhileHeld.length === 2) await clusters.kube('DELETE', `${budgets}/none`);
    await sleep(milliseconds);
  };
  const done = await carryOut(drain, where(), writer, 'key-drain');
  writer.sleep = sleep;
  expect(done.approved.warnings.join()).toMatch(/A disruption budget holds back for now: shop\//);
  const pods = done.input.pods as { namespace: string; name: string }[];
  const inShop = pods.filter(({ namespace }) => namespace === 'shop').map(({ name }) => name);
  expect(inShop.length).toBeGreaterThan(0);
  expect(shopWhileHeld.slice(0, 2)).toEqual([inShop.sort(), inShop.sort()]);
  expect(await isMarked()).toBe(true);
  const movable = (await podsHere()).filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ kind, controller }) => controller && kind !== 'DaemonSet'),
  );
  expect(movable).toEqual([]);
  expect(writer.reports.at(-1)).toMatch(/^(\d+) of \1 pods? moved away$/);
  expect(await drain.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
  expect(await drain.landed(done.input, writer, done.context)).toBe('yes');
  // Again with the same key: nothing is left to move.
  expect(await drain.execute(done.input, writer, done.context)).toMatchObject({ node });
  await undoOf(drain).restore(done.input, done.undo, writer);
  expect(await isMarked()).toBe(false);
}, 60_000);

test('drain refuses where a pod would be lost, and says which', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'lonely', namespace: 'shop' },
    spec: { nodeName: node, containers: [{ name: 'c', image: 'registry.demo/web:1.4.2' }] },
  };
  await clusters.kube('POST', '/api/v1/namespaces/shop/pods', pod);
  expect(await drain.resolve(where(), writer)).toMatchObject({
    kind: 'impossible',
    reason: expect.stringContaining('shop/lonely'),
  });
  await clusters.kube('DELETE', '/api/v1/namespaces/shop/pods/lonely');
});

test('lets out nothing but the mark on the node and the evictions that were shown', async () => {
  const input = await inputFor(cordon, where(), writer);
  const rules = drain.egress({ ...input, pods: [{ namespace: 'shop', name: 'web-1' }] });
  expect(rules.map(({ method, path }) => `${method} ${String(path)}`)).toEqual([
    `PATCH /api/v1/nodes/${node}`,
    'POST /api/v1/namespaces/shop/pods/web-1/eviction',
  ]);
});

test('an unknown node is a question or is said not to be there', async () => {
  const answer = await cordon.resolve({ name: 'no-such-node-at-all', environment: 'staging' }, writer);
  expect(['question', 'impossible']).toContain(answer.kind);
  expect(await cordon.resolve({ environment: 'staging' }, writer)).toMatchObject({ kind: 'question' });
});

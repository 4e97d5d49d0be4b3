import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnyOperation, Rendered } from '../../src/domain/operation.ts';
import { describe } from '../../src/tools/kubernetes/describe.ts';
import { events } from '../../src/tools/kubernetes/events.ts';
import { get } from '../../src/tools/kubernetes/get.ts';
import { list } from '../../src/tools/kubernetes/list.ts';
import { logs } from '../../src/tools/kubernetes/logs.ts';
import { rolloutStatus } from '../../src/tools/kubernetes/rollout_status.ts';
import { top } from '../../src/tools/kubernetes/top.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { faultOf, inputFor, type TestWriter } from './support/writer.ts';

let clusters: TestClusters;
let writer: TestWriter;
const where = { environment: 'staging' };

beforeAll(async () => {
  clusters = await startClusters();
  writer = clusters.writer();
  await new Promise((resolve) => setTimeout(resolve, 1500));
});
afterAll(() => clusters?.close());

test("lists with the server's own columns, with the namespace where all are listed", async () => {
  const all = await show(list, { kind: 'deployments', ...where });
  if (all.kind !== 'table') throw new Error('expected a table');
  expect(all.columns.slice(0, 3)).toEqual(['Namespace', 'Name', 'Ready']);
  expect(all.rows.map((row) => row[1])).toContain('payments-api');
  const shop = await show(list, { kind: 'deploy', namespace: 'shop', ...where });
  if (shop.kind !== 'table') throw new Error('expected a table');
  expect(shop.columns[0]).toBe('Name');
  expect(shop.note).toBe('5 deployments in namespace shop of staging');
});

test('a list of nothing says so; unknown kinds and namespaces are told', async () => {
  expect(await show(list, { kind: 'jobs', ...where })).toEqual({
    kind: 'text',
    text: 'There are no jobs in staging.',
  });
  expect(await list.resolve({ kind: 'gizmos', ...where }, writer)).toMatchObject({ kind: 'impossible' });
  expect(await list.resolve({ kind: 'pods', namespace: 'shp', ...where }, writer)).toMatchObject({
    kind: 'question',
    question: { field: 'namespace', options: [{ patch: { namespace: 'shop' } }] },
  });
  expect(await list.resolve({ kind: 'pods' }, writer)).toMatchObject({ question: { field: 'environment' } });
  expect(await list.resolve(where, writer)).toMatchObject({ question: { field: 'kind' } });
});

test('describes a deployment with images, pods and events', async () => {
  const text = await textOf(describe, { name: 'checkout', ...where });
  expect(text).toContain('Deployment shop/checkout');
  expect(text).toContain('Container checkout: registry.demo/checkout:1.4.2');
  expect(text).toMatch(/Pods: 3\n {2}checkout-\S+ Running, 1\/1 ready, 0 restarts on demo-staging-\d/);
  expect(text).toContain('ScalingReplicaSet');
});

test('a description never holds the values of a secret', async () => {
  const text = await textOf(describe, { kind: 'secret', name: 'payments-key', ...where });
  expect(text).toContain('Keys: key (values are not shown)');
  expect(text).not.toContain('not-a-real-key');
  expect(text).not.toContain(Buffer.from('not-a-real-key').toString('base64'));
});

test.each([
  ['node', 'demo-staging-1', 'Ready: True'],
  ['service', 'cart', 'Service shop/cart'],
  ['ingress', 'web', 'shop.staging.demo'],
  ['configmap', 'checkout-settings', 'Keys: LOG_LEVEL, CURRENCY, CLUSTER'],
  ['namespace', 'shop', 'Active'],
])('describes a %s', async (kind, name, part) => {
  expect(await textOf(describe, { kind, name, ...where })).toContain(part);
});

test('logs of a workload come from its newest pods, in order of time', async () => {
  const shown = await show(logs, { name: 'checkout', lines: 7, ...where });
  if (shown.kind !== 'lines') throw new Error('expected lines');
  expect(shown.lines).toHaveLength(7);
  expect(shown.note).toBe('3 pods');
  expect(shown.lines.join('\n')).toContain('level=info');
});

test('logs of one pod carry no prefix, and a length of time is read', async () => {
  const input = await inputFor(logs, { name: await podOf('cart'), since: '20 minutes', ...where }, writer);
  expect(input).toMatchObject({ kind: 'pod', sinceSeconds: 1200, lines: 500 });
  const output = await logs.execute(input, writer, { approved: undefined, idempotencyKey: 'read' });
  const shown = logs.render(output, input);
  if (shown.kind !== 'lines') throw new Error('expected lines');
  expect(shown.lines[0]).toMatch(/^time=.* level=/);
  expect(await logs.resolve({ name: 'cart', since: 'soon', ...where }, writer)).toMatchObject({
    kind: 'impossible',
  });
  const many = await inputFor(logs, { name: 'cart', lines: 9000, ...where }, writer);
  expect(many).toMatchObject({ lines: 500 });
});

test('events are newest first and belong to the one that was named', async () => {
  const shown = await show(events, { name: 'checkout', ...where });
  if (shown.kind !== 'table') throw new Error('expected a table');
  expect(shown.rows.length).toBeGreaterThan(2);
  for (const row of shown.rows) expect(row[3]).toContain('checkout');
  const all = await show(events, { namespace: 'payments', ...where });
  if (all.kind !== 'table') throw new Error('expected a table');
  expect(all.rows.map((row) => row[3]).join()).toContain('ledger');
});

test('the rollout status says done, and stuck with the reason', async () => {
  expect(await textOf(rolloutStatus, { name: 'web', ...where })).toContain(
    'is complete: 2 of 2 replicas available',
  );
  const containers = [{ name: 'web', image: 'registry.demo/web:broken' }];
  const path = '/apis/apps/v1/namespaces/shop/deployments/web';
  await clusters.kube('PATCH', path, { spec: { template: { spec: { containers } } } });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await textOf(rolloutStatus, { name: 'web', ...where })).toMatch(/is stuck: .*\n.*cannot be pulled/s);
});

test('reads name their targets and let nothing through the broker', async () => {
  const input = await inputFor(logs, { name: 'cart', ...where }, writer);
  expect(logs.assess(input)).toMatchObject({
    effect: 'read',
    targets: [`k8s:${clusters.staging.uid}/shop/deployment/cart`],
    place: 'staging/shop',
  });
  expect(logs.egress(input)).toEqual([]);
});

async function show(operation: AnyOperation, request: object): Promise<Rendered> {
  const input = await inputFor(operation, request, writer);
  const output = await operation.execute(input, writer, { approved: undefined, idempotencyKey: 'read' });
  return operation.render(operation.output.parse(output), input);
}

async function textOf(operation: AnyOperation, request: object): Promise<string> {
  const shown = await show(operation, request);
  if (shown.kind !== 'text') throw new Error('expected text');
  return shown.text;
}

async function podOf(app: string): Promise<string> {
  const { items } = (await clusters.kube(
    'GET',
    `/api/v1/namespaces/shop/pods?labelSelector=app%3D${app}`,
  )) as {
    items: { metadata: { name: string } }[];
  };
  return items[0]?.metadata.name ?? '';
}

test('top shows what pods and nodes use, the busiest first, with their share', async () => {
  const pods = await show(top, { namespace: 'shop', ...where });
  if (pods.kind !== 'table') throw new Error('expected a table');
  expect(pods.columns).toEqual(['Pod', 'CPU', 'of request', 'Memory', 'of request']);
  const used = pods.rows.map((row) => Number.parseInt(row[1] ?? '', 10));
  expect(used).toEqual([...used].sort((a, b) => b - a));
  expect(pods.rows[0]).toEqual([
    ...[expect.any(String), expect.stringMatching(/^\d+m$/), expect.stringMatching(/^\d+%$/)],
    ...[expect.stringMatching(/^\d+Mi$/), expect.stringMatching(/^\d+%$/)],
  ]);
  const nodes = await show(top, { kind: 'nodes', ...where });
  if (nodes.kind !== 'table') throw new Error('expected a table');
  expect(nodes.rows.map(([name]) => name).sort()).toContain('demo-staging-1');
  expect(await top.resolve({ kind: 'services', ...where }, writer)).toMatchObject({ kind: 'impossible' });
});

test('top says so where nothing is measured', async () => {
  clusters.proxy.answer = ({ path }) =>
    path.includes('metrics.k8s.io') ? { status: 404, body: { kind: 'Status', code: 404 } } : undefined;
  const input = await inputFor(top, where, writer);
  const fault = await faultOf(top.execute(input, writer, { approved: undefined, idempotencyKey: 'k' }));
  clusters.proxy.answer = undefined;
  expect(fault).toMatchObject({ code: 'unsupported', message: expect.stringContaining('metrics-server') });
});

test('get shows a manifest without state, and never the values of a secret', async () => {
  const shown = await show(get, { kind: 'deployment', name: 'checkout', ...where });
  if (shown.kind !== 'lines') throw new Error('expected lines');
  const text = shown.lines.join('\n');
  expect(text).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/);
  expect(text).toContain('image: registry.demo/checkout:1.4.2');
  expect(text).not.toMatch(/^status:|managedFields|resourceVersion|uid:/m);
  const secret = await show(get, { kind: 'secret', name: 'payments-key', ...where });
  expect(JSON.stringify(secret)).toContain('key: (not shown)');
  expect(JSON.stringify(secret)).not.toContain(Buffer.from('not-a-real-key').toString('base64'));
});

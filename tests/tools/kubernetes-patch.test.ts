import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { patch } from '../../src/tools/kubernetes/patch.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, faultOf, inputFor, type TestWriter, throughJson } from './support/writer.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind.
type Any = any;
type Undo = UndoContract<unknown, unknown> & { kind: 'reversible' };

let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
});
beforeEach(() => {
  clusters.proxy.beforePass = undefined;
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

const undo = patch.undo as Undo;
const cartPath = '/apis/apps/v1/namespaces/shop/deployments/cart';
const settings = '/api/v1/namespaces/shop/configmaps/checkout-settings';
const get = (path: string): Promise<Any> => clusters.kube('GET', path);
const asked = (kind: string, name: string, text: unknown) => ({
  ...{ kind, name, environment: 'staging' },
  patch: typeof text === 'string' ? text : JSON.stringify(text),
});

test('changes the fields and follows the rollout; undo puts them back, once and twice', async () => {
  const request = asked('deployment', 'cart', {
    metadata: { labels: { team: 'baskets' } },
    spec: { replicas: 3, template: { metadata: { annotations: { note: 'x' } } } },
  });
  const input = (await inputFor(patch, request, writer)) as Any;
  clusters.proxy.passed.length = 0;
  const first = throughJson(await patch.preview(input, writer));
  expect(canonicalJson(await patch.preview(input, writer))).toBe(canonicalJson(first));
  for (const { method, path } of clusters.proxy.passed)
    expect(method === 'GET' || path.includes('dryRun=All')).toBe(true);
  expect(first).toMatchObject({ kind: 'dry-run', before: { 'spec.replicas': 2 } });
  expect(first.after).toEqual({
    'metadata.labels.team': 'baskets',
    'spec.replicas': 3,
    'spec.template.metadata.annotations.note': 'x',
  });
  const done = await carryOut(patch, request, writer, 'k-1');
  expect(await patch.landed(input, writer, done.context)).toBe('yes');
  expect(await patch.verify(input, writer, done.context)).toMatchObject({ state: 'healthy' });
  const before = (await get(cartPath)).metadata.resourceVersion;
  await patch.execute(input, writer, done.context);
  expect((await get(cartPath)).metadata.resourceVersion).toBe(before);
  const kept = JSON.parse(JSON.stringify(done.undo)) as unknown;
  expect(await undo.previewRestore(input, kept, writer)).toMatchObject({ after: { 'spec.replicas': 2 } });
  for (let time = 0; time < 2; time += 1) {
    await undo.restore(input, kept, writer);
    expect(await undo.verifyRestored(input, kept, writer)).toMatchObject({ state: 'healthy' });
  }
  const { metadata, spec } = await get(cartPath);
  expect([spec.replicas, metadata.labels.team, spec.template.metadata.annotations]).toEqual([
    2,
    undefined,
    undefined,
  ]);
});

test('a field is taken away by null, YAML is taken too, and what is so already is said', async () => {
  const done = await carryOut(
    patch,
    asked('configmap', 'checkout-settings', 'data:\n  LOG_LEVEL: null'),
    writer,
    'k-2',
  );
  expect((await get(settings)).data).not.toHaveProperty('LOG_LEVEL');
  await undo.restore(done.input, done.undo, writer);
  expect((await get(settings)).data).toMatchObject({ LOG_LEVEL: 'info' });
  const same = await inputFor(
    patch,
    asked('cm', 'checkout-settings', { data: { LOG_LEVEL: 'info' } }),
    writer,
  );
  expect(await patch.preview(same as Any, writer)).toMatchObject({ summary: 'It is so already.' });
});

describe('somebody else', () => {
  test('who changes a touched field stops it, another field does not', async () => {
    const input = (await inputFor(
      patch,
      asked('cm', 'checkout-settings', { data: { CURRENCY: 'USD' } }),
      writer,
    )) as Any;
    const approved = await patch.preview(input, writer);
    const context = { approved, idempotencyKey: 'k-3' };
    expect(await patch.landed(input, writer, context)).toBe('no');
    await clusters.kube('PATCH', settings, { data: { CURRENCY: 'SEK' } });
    expect(await faultOf(patch.execute(input, writer, context))).toMatchObject({ code: 'world-changed' });
    expect(await patch.landed(input, writer, context)).toBe('unclear');
    await clusters.kube('PATCH', settings, { data: { CURRENCY: 'EUR', MORE: 'x' } });
    const kept = await undo.capture(input, writer);
    await patch.execute(input, writer, context);
    await clusters.kube('PATCH', settings, { data: { CURRENCY: 'NOK' } });
    expect(await patch.verify(input, writer, context)).toMatchObject({ state: 'unclear' });
    expect(await faultOf(undo.restore(input, kept, writer))).toMatchObject({ code: 'world-changed' });
    await clusters.kube('PATCH', settings, { data: { CURRENCY: 'EUR' } });
  });

  test('who writes in the very moment is seen by the version', async () => {
    const input = (await inputFor(
      patch,
      asked('cm', 'checkout-settings', { data: { CURRENCY: 'USD' } }),
      writer,
    )) as Any;
    const approved = await patch.preview(input, writer);
    clusters.proxy.beforePass = async ({ method, path }) => {
      if (method !== 'PATCH' || path.includes('dryRun')) return;
      clusters.proxy.beforePass = undefined;
      await clusters.kube('PATCH', settings, { data: { CURRENCY: 'DKK' } });
    };
    const late = patch.execute(input, writer, { approved, idempotencyKey: 'k-4' });
    expect(await faultOf(late)).toMatchObject({ code: 'world-changed' });
    expect((await get(settings)).data.CURRENCY).toBe('DKK');
  });
});

test('what is no patch, or touches what nobody may, is refused with reasons', async () => {
  for (const [kind, name, text, reason] of [
    ['deployment', 'cart', '[{"op":"remove","path":"/spec"}]', /JSON patches/],
    ['deployment', 'cart', '{"spec":', /can't be read/],
    ['deployment', 'cart', '{}', /empty/],
    [
      'deployment',
      'cart',
      { kind: 'Pod', metadata: { name: 'x', uid: 'y' } },
      /kind, metadata\.name, metadata\.uid/,
    ],
    ['deployment', 'cart', { metadata: { annotations: { 'reign.dev/last-step': 'x' } } }, /own marks/],
    ['secret', 'payments-key', { stringData: { key: 'hunter2' } }, /credential set/],
  ] as const) {
    const answer = await patch.resolve(asked(kind, name, text), writer);
    expect(answer).toMatchObject({ kind: 'impossible', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  }
  expect(
    await patch.resolve({ kind: 'deployment', name: 'cart', environment: 'staging' }, writer),
  ).toMatchObject({
    question: { field: 'patch' },
  });
  const unknown = await patch.resolve(asked('deployment', 'nothing-here', '{"spec":{}}'), writer);
  expect(['question', 'impossible']).toContain(unknown.kind);
});

test('the server refuses what cannot be, and an image that is missing fails the check', async () => {
  const wrong = (await inputFor(
    patch,
    asked('deployment', 'cart', { spec: { replicas: -1 } }),
    writer,
  )) as Any;
  expect(await faultOf(patch.preview(wrong, writer))).toMatchObject({ code: 'bad-request' });
  const stops = (await inputFor(
    patch,
    asked('deployment', 'catalog', { spec: { replicas: 0 } }),
    writer,
  )) as Any;
  expect(await patch.preview(stops, writer)).toMatchObject({
    raises: [{ level: 'high' }],
    warnings: [expect.stringContaining('autoscaler catalog')],
  });
  const containers = [{ name: 'web', image: 'registry.demo/web:missing' }];
  const request = asked('deployment', 'web', { spec: { template: { spec: { containers } } } });
  const done = await carryOut(patch, request, writer, 'k-5');
  expect(await patch.verify(done.input as Any, writer, done.context)).toMatchObject({ state: 'failed' });
  await undo.restore(done.input, done.undo, writer);
  expect(await undo.verifyRestored(done.input, done.undo, writer)).toMatchObject({ state: 'healthy' });
}, 30_000);

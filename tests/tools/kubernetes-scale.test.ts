import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { Preview } from '../../src/domain/operation.ts';
import { scale } from '../../src/tools/kubernetes/scale.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const checkout = '/apis/apps/v1/namespaces/shop/deployments/checkout';
const where = { name: 'checkout', environment: 'staging' };

let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
});
beforeEach(async () => {
  clusters.proxy.beforePass = undefined;
  writer = clusters.writer();
  await setReplicas(3);
});
afterAll(() => clusters?.close());

test('scales up, follows the rollout and says so', async () => {
  const { input, approved, context } = await carryOut(scale, { ...where, replicas: 5 }, writer, 'key-up');
  expect(input).toEqual({
    environment: 'staging',
    connection: 'kubernetes:staging/main',
    clusterUid: clusters.staging.uid,
    namespace: 'shop',
    kind: 'deployment',
    name: 'checkout',
    replicas: 5,
  });
  expect(approved).toMatchObject({ kind: 'dry-run', summary: '3 → 5 replicas', raises: [] });
  expect(await scale.verify(input, writer, context)).toEqual({
    state: 'healthy',
    evidence: '5 of 5 replicas available',
  });
  expect(writer.reports.at(-1)).toBe('5 of 5 replicas available');
  expect(scale.describe(input)).toEqual({
    title: 'Scale deployment shop/checkout in staging to 5 replicas',
    byHand: 'kubectl -n shop scale deployment/checkout --replicas=5',
  });
});

test('a preview writes nothing, and two previews of an unchanged world are equal to the byte', async () => {
  const input = await inputFor(scale, { ...where, replicas: 4 }, writer);
  const first = await scale.preview(input, writer);
  await clusters.kube('PATCH', checkout, { metadata: { labels: { touched: 'yes' } } });
  const second = await scale.preview(input, writer);
  expect(canonicalJson(second)).toBe(canonicalJson(first));
  expect(await replicas()).toBe(3);
  const patches = clusters.proxy.passed.filter(({ method }) => method === 'PATCH');
  expect(patches.at(-1)?.path).toContain('dryRun=All');
});

test('the write is the dry run without dryRun, and is covered by the egress rules', async () => {
  clusters.proxy.passed.length = 0;
  const { input } = await carryOut(scale, { ...where, replicas: 4 }, writer, 'key-same');
  const [tried, done] = clusters.proxy.passed.filter(({ method }) => method === 'PATCH');
  expect(tried?.path.replace('&dryRun=All', '')).toBe(done?.path);
  expect(JSON.parse(tried?.body ?? '').spec).toEqual(JSON.parse(done?.body ?? '').spec);
  const rule = { connection: input.connection, method: 'PATCH', path: done?.path.split('?')[0] };
  expect(scale.egress(input)).toEqual([rule]);
});

test('a world that changed after the approval is left alone, with words about what changed', async () => {
  const input = await inputFor(scale, { ...where, replicas: 6 }, writer);
  const approved = await scale.preview(input, writer);
  await setReplicas(5);
  const fault = await faultOf(scale.execute(input, writer, { approved, idempotencyKey: 'key-late' }));
  expect(fault.code).toBe('world-changed');
  expect(fault.message).toContain('replicas: 3 when approved, 5 now');
  expect(await replicas()).toBe(5);
});

test('a deployment made anew is another one', async () => {
  const input = await inputFor(scale, { ...where, replicas: 6 }, writer);
  const approved = await scale.preview(input, writer);
  const fingerprint = { ...(approved.fingerprint as object), uid: 'another' };
  const stale = { ...approved, fingerprint } as Preview;
  const fault = await faultOf(scale.execute(input, writer, { approved: stale, idempotencyKey: 'key' }));
  expect(fault.message).toContain('deleted and made anew');
});

test('a write between the read and ours is noticed: harmless ones are passed, others refused', async () => {
  const input = await inputFor(scale, { ...where, replicas: 6 }, writer);
  const approved = await scale.preview(input, writer);
  onceBeforePatch(() =>
    clusters.kube('PATCH', checkout, { metadata: { labels: { other: String(Date.now()) } } }),
  );
  await scale.execute(input, writer, { approved, idempotencyKey: 'key-race' });
  expect(await replicas()).toBe(6);

  const again = { ...input, replicas: 2 };
  const approvedAgain = await scale.preview(again, writer);
  onceBeforePatch(() => setReplicas(9));
  const race = scale.execute(again, writer, { approved: approvedAgain, idempotencyKey: 'key-race-2' });
  expect((await faultOf(race)).message).toContain('replicas: 6 when approved, 9 now');
  expect(await replicas()).toBe(9);
});

test('landed: no before the write, yes after it, unclear when somebody else wrote', async () => {
  const input = await inputFor(scale, { ...where, replicas: 4 }, writer);
  const approved = await scale.preview(input, writer);
  const context = { approved, idempotencyKey: 'key-landed' };
  expect(await scale.landed(input, writer, context)).toBe('no');
  await scale.execute(input, writer, context);
  expect(await scale.landed(input, writer, context)).toBe('yes');
  expect(await scale.landed(input, writer, { approved, idempotencyKey: 'another' })).toBe('unclear');
});

test('the same key twice writes once', async () => {
  const { input, context } = await carryOut(scale, { ...where, replicas: 4 }, writer, 'key-twice');
  const before = clusters.proxy.passed.filter(({ method }) => method === 'PATCH').length;
  await scale.execute(input, writer, context);
  expect(clusters.proxy.passed.filter(({ method }) => method === 'PATCH')).toHaveLength(before);
});

test('undo puts the count back, twice is the same, and a later change is not overwritten', async () => {
  if (scale.undo.kind !== 'reversible') throw new Error('scale must be reversible');
  const { input, undo } = await carryOut(scale, { ...where, replicas: 7 }, writer, 'key-undo');
  if (undo === undefined) throw new Error('nothing captured');
  expect((await scale.undo.previewRestore(input, undo, writer)).summary).toBe('7 → 3 replicas');
  await scale.undo.restore(input, undo, writer);
  await scale.undo.restore(input, undo, writer);
  expect(await replicas()).toBe(3);
  expect((await scale.undo.previewRestore(input, undo, writer)).summary).toBe('Already as it was before.');
  expect((await scale.undo.verifyRestored(input, undo, writer)).state).toBe('healthy');

  await setReplicas(9);
  const fault = await faultOf(scale.undo.restore(input, undo, writer));
  expect(fault.code).toBe('world-changed');
  expect(await replicas()).toBe(9);
});

test('losing most replicas is graded up, stopping the service to high', async () => {
  const preview = async (environment: string, count: number) => {
    const input = await inputFor(scale, { name: 'checkout', environment, replicas: count }, writer);
    return (await scale.preview(input, writer)).raises.map(({ level }) => level);
  };
  expect(await preview('staging', 2)).toEqual([]);
  expect(await preview('staging', 1)).toEqual(['medium']);
  expect(await preview('production', 1)).toEqual(['high']);
  expect(await preview('staging', 0)).toEqual(['high']);
});

test('an autoscaler that owns the count is named', async () => {
  const input = await inputFor(scale, { name: 'catalog', environment: 'staging', replicas: 4 }, writer);
  const { warnings } = await scale.preview(input, writer);
  expect(warnings.join()).toContain('autoscaler catalog');
});

test('a second step on the same target builds on what the first will leave', async () => {
  const first = await inputFor(scale, { ...where, replicas: 6 }, writer);
  const second = await inputFor(scale, { ...where, replicas: 8 }, writer);
  const one = await scale.preview(first, writer);
  const two = await scale.preview(second, writer, one);
  expect(two.summary).toBe('6 → 8 replicas');
  await scale.execute(first, writer, { approved: one, idempotencyKey: 'chain-1' });
  await scale.execute(second, writer, { approved: two, idempotencyKey: 'chain-2' });
  expect(await replicas()).toBe(8);
});

async function setReplicas(count: number) {
  await clusters.kube('PATCH', checkout, { spec: { replicas: count } });
}

async function replicas(): Promise<number> {
  const { spec } = (await clusters.kube('GET', checkout)) as { spec: { replicas: number } };
  return spec.replicas;
}

function onceBeforePatch(act: () => Promise<unknown>) {
  clusters.proxy.beforePass = async ({ method }) => {
    if (method !== 'PATCH') return;
    clusters.proxy.beforePass = undefined;
    await act();
  };
}

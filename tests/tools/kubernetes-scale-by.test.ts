import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { scaleBy } from '../../src/tools/kubernetes/scale_by.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, inputFor, type TestWriter } from './support/writer.ts';

const checkout = '/apis/apps/v1/namespaces/shop/deployments/checkout';
const where = { name: 'checkout', environment: 'staging' };

let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
});
beforeEach(async () => {
  writer = clusters.writer();
  await setReplicas(3);
});
afterAll(() => clusters?.close());

test.each([
  [2, 6, '3 → 6 replicas (2 times of 3)'],
  [1.5, 5, '3 → 5 replicas (1.5 times of 3)'],
  [0.5, 2, '3 → 2 replicas (0.5 times of 3)'],
  [0.1, 1, '3 → 1 replicas (0.1 times of 3)'],
])('%d times comes to %d, shown with what it was made of', async (factor, replicas, summary) => {
  const input = await inputFor(scaleBy, { ...where, factor }, writer);
  expect(input).toMatchObject({ replicas, factor, from: 3, limits: [] });
  expect(await scaleBy.preview(input, writer)).toMatchObject({ kind: 'dry-run', summary });
});

test('scales, and is undone to what was there', async () => {
  const { input, context } = await carryOut(scaleBy, { ...where, factor: 2 }, writer, 'key-twice');
  expect(await scaleBy.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
});

test('more than the nodes have room for is said', async () => {
  const input = await inputFor(scaleBy, { ...where, factor: 100 }, writer);
  expect(input.limits).toEqual([
    expect.stringMatching(/The nodes have room for about \d+ more, and 297 are asked for/),
  ]);
  const preview = await scaleBy.preview(input, writer);
  expect(preview.warnings[0]).toMatch(/room for about/);
});

test('an autoscaler’s range is kept to, and named', async () => {
  const path = '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers';
  await clusters.kube('POST', path, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'checkout', namespace: 'shop' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout' },
      minReplicas: 2,
      maxReplicas: 8,
    },
  });
  const input = await inputFor(scaleBy, { ...where, factor: 10 }, writer);
  expect(input).toMatchObject({ replicas: 8 });
  expect(input.limits[0]).toBe('30 would be needed; the autoscaler checkout allows 2 to 8.');
  await clusters.kube('DELETE', `${path}/checkout`);
});

test('nothing times anything is a question, and so is no factor', async () => {
  await setReplicas(0);
  expect(await scaleBy.resolve({ ...where, factor: 3 }, writer)).toMatchObject({ kind: 'impossible' });
  await setReplicas(3);
  const asked = await scaleBy.resolve(where, writer);
  expect(asked).toMatchObject({ kind: 'question', question: { field: 'factor' } });
  expect(await scaleBy.resolve({ ...where, factor: -1 }, writer)).toMatchObject({ kind: 'impossible' });
});

async function setReplicas(replicas: number): Promise<void> {
  await clusters.kube('PATCH', checkout, { spec: { replicas } });
}

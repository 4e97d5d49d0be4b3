import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import { rollback } from '../../src/tools/kubernetes/rollback.ts';
import { scale } from '../../src/tools/kubernetes/scale.ts';
import { setImage } from '../../src/tools/kubernetes/set_image.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const path = (name: string) => `/apis/apps/v1/namespaces/shop/deployments/${name}`;
const where = { environment: 'staging' };

let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
});
beforeEach(() => {
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

test('a tag becomes the whole image, and the rollout is followed to its end', async () => {
  const { input, approved, context } = await carryOut(
    setImage,
    { name: 'cart', tag: '2.1.0', ...where },
    writer,
    'image-1',
  );
  expect(input).toMatchObject({ container: 'cart', image: 'registry.demo/cart:2.1.0' });
  expect(approved.summary).toBe('cart: registry.demo/cart:2.0.3 → registry.demo/cart:2.1.0');
  expect((await setImage.verify(input, writer, context)).state).toBe('healthy');
  expect(await image('cart')).toBe('registry.demo/cart:2.1.0');
  expect(await setImage.landed(input, writer, context)).toBe('yes');
});

test('an image that cannot be pulled fails fast, in words, and undo brings the old one back', async () => {
  if (setImage.undo.kind !== 'reversible') throw new Error('set_image must be reversible');
  const { input, undo, context } = await carryOut(
    setImage,
    { name: 'web', tag: '9.9.9-does-not-exist', ...where },
    writer,
    'image-bad',
  );
  const started = Date.now();
  const verdict = await setImage.verify(input, writer, context);
  expect(verdict.state).toBe('failed');
  expect(verdict.evidence).toMatch(/image registry.demo\/web:9.9.9-does-not-exist cannot be pulled/);
  expect(Date.now() - started).toBeLessThan(10_000);
  if (undo === undefined) throw new Error('nothing captured');
  await setImage.undo.restore(input, undo, writer);
  await setImage.undo.restore(input, undo, writer);
  expect(await image('web')).toBe('registry.demo/web:5.2.0');
  expect((await setImage.undo.verifyRestored(input, undo, writer)).state).toBe('healthy');
});

test('undo is refused when somebody deployed since', async () => {
  if (setImage.undo.kind !== 'reversible') throw new Error('set_image must be reversible');
  const { input, undo } = await carryOut(
    setImage,
    { name: 'catalog', tag: '3.2.0', ...where },
    writer,
    'image-3',
  );
  const containers = [{ name: 'catalog', image: 'registry.demo/catalog:4.0.0' }];
  await clusters.kube('PATCH', path('catalog'), { spec: { template: { spec: { containers } } } });
  if (undo === undefined) throw new Error('nothing captured');
  expect((await faultOf(setImage.undo.restore(input, undo, writer))).code).toBe('world-changed');
  expect(await image('catalog')).toBe('registry.demo/catalog:4.0.0');
});

test('what is no image is refused, and latest is warned about', async () => {
  const bad = await setImage.resolve({ name: 'cart', image: 'Not An Image', ...where }, writer);
  expect(bad).toMatchObject({ kind: 'impossible' });
  const input = await inputFor(
    setImage,
    { name: 'cart', image: 'registry.demo/cart:latest', ...where },
    writer,
  );
  expect((await setImage.preview(input, writer)).warnings.join()).toContain('"latest" moves');
  expect(await setImage.resolve({ name: 'cart', ...where }, writer)).toMatchObject({
    kind: 'question',
    question: { field: 'image' },
  });
});

test('several containers without a main one are a question whose answer resolves', async () => {
  const labels = { app: 'duo' };
  const containers = ['left', 'right'].map((name) => ({ name, image: `registry.demo/${name}:1.0.0` }));
  await clusters.kube('POST', '/apis/apps/v1/namespaces/shop/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'duo' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  const request = { name: 'duo', tag: '2.0.0', ...where };
  const asked = await setImage.resolve(request, writer);
  if (asked.kind !== 'question') throw new Error('expected a question');
  const input = await inputFor(setImage, { ...request, ...asked.question.options[1]?.patch }, writer);
  expect(input).toMatchObject({ container: 'right', image: 'registry.demo/right:2.0.0' });
});

test('roll back takes the revision before, as a number, and can be undone', async () => {
  if (rollback.undo.kind !== 'reversible') throw new Error('rollback must be reversible');
  const { input, approved, undo, context } = await carryOut(
    rollback,
    { name: 'checkout', ...where },
    writer,
    'rollback-1',
  );
  expect(input).toMatchObject({ revision: 1 });
  expect(approved.summary).toBe('checkout registry.demo/checkout:1.4.2 → registry.demo/checkout:1.4.1');
  expect((await rollback.verify(input, writer, context)).state).toBe('healthy');
  expect(await image('checkout')).toBe('registry.demo/checkout:1.4.1');
  if (undo === undefined) throw new Error('nothing captured');
  expect(JSON.stringify(undo)).not.toContain('env');
  await rollback.undo.restore(input, undo, writer);
  await rollback.undo.restore(input, undo, writer);
  expect(await image('checkout')).toBe('registry.demo/checkout:1.4.2');
  expect((await rollback.undo.verifyRestored(input, undo, writer)).state).toBe('healthy');
});

test('roll back: unchanged world, equal previews; changed world, refused', async () => {
  const input = await inputFor(rollback, { name: 'checkout', ...where }, writer);
  const approved = await rollback.preview(input, writer);
  expect(canonicalJson(await rollback.preview(input, writer))).toBe(canonicalJson(approved));
  await carryOut(setImage, { name: 'checkout', tag: '1.5.0', ...where }, writer, 'between');
  const fault = await faultOf(rollback.execute(input, writer, { approved, idempotencyKey: 'rollback-2' }));
  expect(fault.code).toBe('world-changed');
  expect(fault.message).toContain('image of checkout: registry.demo/checkout:1.4.2 when approved');
});

test('a revision that is not there is named with those that are', async () => {
  const none = await rollback.resolve({ name: 'checkout', revision: 77, ...where }, writer);
  expect(none).toMatchObject({ kind: 'impossible' });
  expect(JSON.stringify(none)).toContain('no revision 77');
  const first = await rollback.resolve({ name: 'ledger', environment: 'production' }, writer);
  expect(JSON.stringify(first)).toContain('no earlier revision');
});

test('scaling after a new image in one plan builds on it; after a rollback it is asked for later', async () => {
  const where = { name: 'ledger', environment: 'staging' };
  const image = await inputFor(setImage, { ...where, tag: '1.13.0' }, writer);
  const replicas = await inputFor(scale, { ...where, replicas: 3 }, writer);
  const one = await setImage.preview(image, writer);
  const two = await scale.preview(replicas, writer, one);
  expect(two.before).toEqual(one.after);
  const elsewhere = { ...one, after: { ...(one.after as object), template: 'unknown' } };
  expect((await faultOf(scale.preview(replicas, writer, elsewhere))).code).toBe('unsupported');
});

async function image(name: string): Promise<string | undefined> {
  const { spec } = (await clusters.kube('GET', path(name))) as unknown as {
    spec: { template: { spec: { containers: { image: string }[] } } };
  };
  return spec.template.spec.containers[0]?.image;
}

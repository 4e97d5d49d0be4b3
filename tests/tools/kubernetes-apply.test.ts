import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { apply } from '../../src/tools/kubernetes/apply.ts';
import { scale } from '../../src/tools/kubernetes/scale.ts';
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
  clusters.proxy.answer = undefined;
  clusters.proxy.beforePass = undefined;
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

const undo = apply.undo as Undo;
const maps = '/api/v1/namespaces/shop/configmaps';
const get = (path: string): Promise<Any> => clusters.kube('GET', path).catch(() => undefined);
const map = (name: string, data: string, namespace = 'shop') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n  ${data}\n`;
const asked = (manifest: string, more: object = {}) => ({ manifest, environment: 'staging', ...more });
const deployment = (name: string, replicas: number, tag = '5.2.0', value = 'one') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: registry.demo/web:${tag}
          env: [{name: COLOUR, value: ${value}}]
`;

async function equalTwice(request: object) {
  const input = await inputFor(apply, request, writer);
  clusters.proxy.passed.length = 0;
  const first = throughJson(await apply.preview(input, writer));
  expect(canonicalJson(await apply.preview(input, writer))).toBe(canonicalJson(first));
  for (const { method, path } of clusters.proxy.passed)
    expect(method === 'GET' || path.includes('dryRun=All')).toBe(true);
  return first;
}

/** The writes that were made, as egress must name them. */
function named(input: Any): void {
  const rules = apply.egress(input).map(({ method, path }) => `${method} ${path}`);
  for (const { method, path } of clusters.proxy.passed)
    if (method !== 'GET') expect(rules).toContain(`${method} ${path.split('?')[0]}`);
}

async function undone(done: { input: Any; undo: unknown }): Promise<void> {
  const kept = JSON.parse(JSON.stringify(done.undo)) as unknown;
  for (let time = 0; time < 2; time += 1) {
    await undo.restore(done.input, kept, writer);
    expect(await undo.verifyRestored(done.input, kept, writer)).toMatchObject({ state: 'healthy' });
  }
}

describe('what is new', () => {
  test('is made, in a new namespace too, and undo deletes it, once and twice', async () => {
    const manifest = `${map('banner', 'TEXT: hello', 'stage-9')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: stage-9}\n---\n${map('plain', 'A: b')}`;
    const preview = await equalTwice(asked(manifest));
    expect(preview).toMatchObject({
      kind: 'computed',
      summary: 'makes namespace stage-9, configmap stage-9/banner, configmap shop/plain',
      after: { 'configmap stage-9/banner': { 'data.TEXT': 'hello' } },
    });
    expect(await get('/api/v1/namespaces/stage-9')).toBeUndefined();
    clusters.proxy.passed.length = 0;
    const done = await carryOut(apply, asked(manifest), writer, 'k-new');
    named(done.input);
    expect(await get('/api/v1/namespaces/stage-9/configmaps/banner')).toMatchObject({
      data: { TEXT: 'hello' },
    });
    const owned = (await get(`${maps}/plain`)).metadata.managedFields;
    expect(owned).toMatchObject([{ manager: 'reign', operation: 'Apply' }]);
    expect(await apply.landed(done.input as Any, writer, done.context)).toBe('yes');
    expect(await apply.verify(done.input as Any, writer, done.context)).toMatchObject({ state: 'healthy' });
    const restore = await undo.previewRestore(done.input, done.undo, writer);
    expect(restore.summary).toBe('deletes the 3 that were made');
    await undone(done);
    expect(await get(`${maps}/plain`)).toBeUndefined();
  });

  test('is not deleted where somebody changed it, or put something into its namespace', async () => {
    const one = await carryOut(apply, asked(map('theirs', 'A: b')), writer, 'k-t');
    await clusters.kube('PATCH', `${maps}/theirs`, { data: { A: 'else' } });
    expect(await faultOf(undo.restore(one.input, one.undo, writer))).toMatchObject({ code: 'world-changed' });
    const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: full-3}\n';
    const two = await carryOut(apply, asked(manifest), writer, 'k-n');
    await clusters.kube('POST', '/api/v1/namespaces/full-3/configmaps', {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } },
    });
    expect(await faultOf(undo.restore(two.input, two.undo, writer))).toMatchObject({
      message: expect.stringContaining('configmap x'),
    });
  });
});

describe('what exists', () => {
  test('is changed and followed, its diff shows no value of the environment, and undo puts it back', async () => {
    await carryOut(apply, asked(deployment('front', 1)), writer, 'k-1');
    const preview = await equalTwice(asked(deployment('front', 2, '5.2.1', 'hunter2')));
    expect(preview).toMatchObject({ kind: 'dry-run', summary: 'changes deployment shop/front' });
    expect(preview.after).toEqual({
      'deployment shop/front': {
        'spec.replicas': 2,
        'spec.template.spec.containers[main].image': 'registry.demo/web:5.2.1',
        'spec.template.spec.containers[main].env[COLOUR].value': '(not shown, another value)',
      },
    });
    expect(JSON.stringify(preview)).not.toContain('hunter2');
    const done = await carryOut(apply, asked(deployment('front', 2, '5.2.1', 'hunter2')), writer, 'k-2');
    expect(await apply.verify(done.input as Any, writer, done.context)).toMatchObject({ state: 'healthy' });
    // The same key again writes nothing.
    clusters.proxy.passed.length = 0;
    await apply.execute(done.input as Any, writer, done.context);
    expect(
      clusters.proxy.passed.every(({ method, path }) => method === 'GET' || path.includes('dryRun')),
    ).toBe(true);
    await undone(done);
    const live = await get('/apis/apps/v1/namespaces/shop/deployments/front');
    expect(live.spec).toMatchObject({
      replicas: 1,
      template: { spec: { containers: [{ image: 'registry.demo/web:5.2.0' }] } },
    });
  });

  test('a field that the manifest no longer names goes', async () => {
    await carryOut(apply, asked(map('shrinks', 'A: b\n  C: d')), writer, 'k-s1');
    const done = await carryOut(apply, asked(map('shrinks', 'A: b')), writer, 'k-s2');
    expect((await get(`${maps}/shrinks`)).data).toEqual({ A: 'b' });
    await undone(done);
    expect((await get(`${maps}/shrinks`)).data).toEqual({ A: 'b', C: 'd' });
  });

  test('so already: is said', async () => {
    await carryOut(apply, asked(map('same', 'A: b')), writer, 'k-a');
    const input = await inputFor(apply, asked(map('same', 'A: b')), writer);
    expect(await apply.preview(input as Any, writer)).toMatchObject({
      summary: '1 is so already',
      before: {},
      after: {},
    });
  });

  test('fields of others are a question, and are taken over only when that was wished', async () => {
    const manifest = map('checkout-settings', 'LOG_LEVEL: debug');
    const resolution = await apply.resolve(asked(manifest), writer);
    expect(resolution).toMatchObject({
      kind: 'question',
      question: {
        text: expect.stringContaining('configmap shop/checkout-settings: data.LOG_LEVEL (demo-seed)'),
        options: [{ patch: { force: true } }],
      },
    });
    const done = await carryOut(apply, asked(manifest, { force: true }), writer, 'k-f');
    expect(done.approved.raises).toMatchObject([{ level: 'high' }]);
    expect((await get(`${maps}/checkout-settings`)).data).toMatchObject({
      LOG_LEVEL: 'debug',
      CURRENCY: 'EUR',
    });
    await undone(done);
    expect((await get(`${maps}/checkout-settings`)).data).toMatchObject({
      LOG_LEVEL: 'info',
      CURRENCY: 'EUR',
    });
  });

  test('a conflict that came after the question refuses the preview, with words', async () => {
    await carryOut(apply, asked(deployment('tug', 1)), writer, 'k-g');
    const input = await inputFor(apply, asked(deployment('tug', 1)), writer);
    await carryOut(scale, { name: 'tug', replicas: 2, environment: 'staging' }, writer, 'k-sc');
    expect(await faultOf(apply.preview(input as Any, writer))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('deployment shop/tug: spec.replicas (changed through Reign)'),
    });
  });
});

describe('between approval and execution', () => {
  test('a change of a named field, a deletion or a new object of the name stops it before anything is written', async () => {
    await carryOut(apply, asked(map('moving', 'A: b')), writer, 'k-m');
    const manifest = `${map('first', 'A: b')}---\n${map('moving', 'A: c')}`;
    const input = (await inputFor(apply, asked(manifest), writer)) as Any;
    const approved = await apply.preview(input, writer);
    const context = { approved, idempotencyKey: 'k-late' };
    expect(await apply.landed(input, writer, context)).toBe('no');
    await clusters.kube('DELETE', `${maps}/moving`);
    expect(await faultOf(apply.execute(input, writer, context))).toMatchObject({ code: 'world-changed' });
    await clusters.kube('POST', maps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'moving' },
      data: { A: 'x' },
    });
    expect(await faultOf(apply.execute(input, writer, context))).toMatchObject({
      code: expect.stringMatching(/world-changed|conflict/),
    });
    expect(await get(`${maps}/first`)).toBeUndefined();
    expect(await apply.landed(input, writer, context)).toBe('unclear');
  });

  test('a change of what the manifest does not name is none', async () => {
    await carryOut(apply, asked(map('calm', 'A: b')), writer, 'k-c');
    const input = (await inputFor(apply, asked(map('calm', 'A: c')), writer)) as Any;
    const approved = await apply.preview(input, writer);
    await clusters.kube('PATCH', `${maps}/calm`, { data: { OTHER: 'x' } });
    await apply.execute(input, writer, { approved, idempotencyKey: 'k-c2' });
    expect((await get(`${maps}/calm`)).data).toEqual({ A: 'c', OTHER: 'x' });
  });

  test('a write that lands in between is seen by its version', async () => {
    await carryOut(apply, asked(map('raced', 'A: b')), writer, 'k-r');
    const input = (await inputFor(apply, asked(map('raced', 'A: c')), writer)) as Any;
    const approved = await apply.preview(input, writer);
    clusters.proxy.beforePass = async ({ method, path }) => {
      if (method !== 'PATCH' || path.includes('dryRun')) return;
      clusters.proxy.beforePass = undefined;
      await clusters.kube('PATCH', `${maps}/raced`, { data: { A: 'theirs' } });
    };
    const late = apply.execute(input, writer, { approved, idempotencyKey: 'k-r2' });
    expect((await faultOf(late)).code).toMatch(/world-changed|conflict/);
    expect((await get(`${maps}/raced`)).data).toEqual({ A: 'theirs' });
  });

  test('what fails halfway says what was written, and the same key goes on from there', async () => {
    const manifest = `${map('half-1', 'A: b')}---\n${map('half-2', 'A: b')}`;
    const input = (await inputFor(apply, asked(manifest), writer)) as Any;
    const approved = await apply.preview(input, writer);
    const kept = await undo.capture(input, writer);
    clusters.proxy.answer = ({ method, path }) =>
      method === 'PATCH' && path.includes('half-2') && !path.includes('dryRun')
        ? { status: 500, body: { message: 'the disk is full' } }
        : undefined;
    const context = { approved, idempotencyKey: 'k-h' };
    expect(await faultOf(apply.execute(input, writer, context))).toMatchObject({
      message: expect.stringMatching(/disk is full.*Applied before it: configmap shop\/half-1\./),
    });
    clusters.proxy.answer = undefined;
    expect(await apply.landed(input, writer, context)).toBe('unclear');
    await apply.execute(input, writer, context);
    expect(await apply.landed(input, writer, context)).toBe('yes');
    await undone({ input, undo: kept });
  });
});

describe('a request', () => {
  test('is asked for what is missing, and refused with reasons', async () => {
    expect(await apply.resolve({ environment: 'staging' }, writer)).toMatchObject({
      question: { field: 'manifest' },
    });
    const plain = map('a', 'A: b').replace('  namespace: shop\n', '');
    expect(await apply.resolve(asked(plain), writer)).toMatchObject({ question: { field: 'namespace' } });
    expect(await apply.resolve({ manifest: map('a', 'A: b') }, writer)).toMatchObject({
      question: { field: 'environment' },
    });
    for (const [request, reason] of [
      [asked(map('a', 'A: b'), { namespace: 'payments' }), /the manifest says configmap shop\/a/],
      [asked(map('a', 'A: b', 'nowhere')), /no namespace nowhere in staging/],
      [asked('a: [1\nb: 2'), /line 2/],
    ] as const)
      expect(await apply.resolve(request, writer)).toMatchObject({
        kind: 'impossible',
        reason: expect.stringMatching(reason),
      });
  });

  test('a field that the server does not know is refused at once', async () => {
    const wrong = `${map('typo', 'A: b')}dota: {}\n`;
    expect(await faultOf(Promise.resolve(apply.resolve(asked(wrong), writer)))).toMatchObject({
      message: expect.stringContaining('dota'),
    });
  });

  test('rights, power over the node and a stop raise the risk', async () => {
    const role =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r, namespace: shop}\nrules: []\n';
    const pod = deployment('strong', 0).replace(
      '- name: main',
      '- name: main\n          securityContext: {privileged: true}',
    );
    const input = (await inputFor(apply, asked(`${role}---${pod}`), writer)) as Any;
    const { raises } = await apply.preview(input, writer);
    expect(raises.map(({ reason }) => reason)).toEqual([
      'role shop/r: changes who may do what',
      'deployment shop/strong: asks for power over the node (privileged)',
    ]);
  });

  test('an image that does not exist fails the check', async () => {
    const done = await carryOut(apply, asked(deployment('sad', 1, 'no-such-tag-missing')), writer, 'k-sad');
    expect(await apply.verify(done.input as Any, writer, done.context)).toMatchObject({ state: 'failed' });
  }, 30_000);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Question } from '../../src/domain/operation.ts';
import type { Writer } from '../../src/domain/ports/reader.ts';
import { restart } from '../../src/tools/kubernetes/restart.ts';
import { scale } from '../../src/tools/kubernetes/scale.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { testWriter } from './support/writer.ts';

let clusters: TestClusters;
let writer: Writer;

beforeAll(async () => {
  clusters = await startClusters();
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

const staging = { environment: 'staging' };

test('an alias, capitals, a kind or a namespace before the name all lead to the deployment', async () => {
  for (const request of [
    { name: 'checkout', environment: 'stg' },
    { name: 'Checkout', ...staging },
    { name: 'deploy/checkout', ...staging },
    { name: 'shop/checkout', ...staging },
    { name: 'checkout', namespace: 'shop', ...staging },
  ]) {
    const found = await restart.resolve(request, writer);
    expect(found).toMatchObject({
      kind: 'input',
      input: { namespace: 'shop', kind: 'deployment', name: 'checkout' },
    });
  }
});

test('without an environment a write asks, although it exists in each', async () => {
  const asked = question(await restart.resolve({ name: 'checkout' }, writer));
  expect(asked.field).toBe('environment');
  expect(asked.options.map(({ patch }) => patch)).toEqual([
    { environment: 'staging' },
    { environment: 'production' },
  ]);
});

test('without an environment the only one that has it is taken', async () => {
  await clusters.kube('POST', '/apis/apps/v1/namespaces/shop/deployments', deployment('only-here'));
  const found = await restart.resolve({ name: 'only-here' }, writer);
  expect(found).toMatchObject({ kind: 'input', input: { environment: 'staging' } });
});

test('an unknown environment is a question that lists the known ones', async () => {
  const asked = question(await restart.resolve({ name: 'checkout', environment: 'qa' }, writer));
  expect(asked.text).toContain('"qa"');
  expect(asked.options.map(({ label }) => label)).toEqual(['staging', 'production']);
});

test('one name in two namespaces is a question, and its answer resolves', async () => {
  const asked = question(await restart.resolve({ name: 'worker', ...staging }, writer));
  expect(asked.field).toBe('namespace');
  const [option] = asked.options.filter(({ patch }) => patch.namespace === 'payments');
  const answered = await restart.resolve({ name: 'worker', ...staging, ...option?.patch }, writer);
  expect(answered).toMatchObject({ kind: 'input', input: { namespace: 'payments', name: 'worker' } });
});

test.each(['chekout', 'check-out', 'checkout-api', 'payments_api'])(
  '"%s" is never guessed, only offered',
  async (name) => {
    const asked = question(await restart.resolve({ name, ...staging }, writer));
    expect(asked.text).toContain('Did you mean');
    const answered = await restart.resolve({ name, ...staging, ...asked.options[0]?.patch }, writer);
    expect(answered.kind).toBe('input');
  },
);

test('a name that resembles nothing is impossible and says what there is', async () => {
  const found = await restart.resolve({ name: 'zzzzzzzz', ...staging }, writer);
  expect(found).toMatchObject({ kind: 'impossible' });
  expect(JSON.stringify(found)).toContain('shop/checkout');
});

test("a pod's name stands for its deployment", async () => {
  const pods = (await clusters.kube('GET', '/api/v1/namespaces/shop/pods')) as {
    items: { metadata: { name: string } }[];
  };
  const pod = pods.items.find(({ metadata }) => metadata.name.startsWith('cart-'))?.metadata.name ?? '';
  const found = await restart.resolve({ name: pod, ...staging }, writer);
  expect(found).toMatchObject({ kind: 'input', input: { kind: 'deployment', name: 'cart' } });
});

test('a missing name is a question with at most ten of what exists', async () => {
  const asked = question(await scale.resolve({ replicas: 3, ...staging }, writer));
  expect(asked.field).toBe('name');
  expect(asked.options.length).toBeGreaterThan(5);
  expect(asked.options.length).toBeLessThanOrEqual(10);
  expect(asked.options.map(({ patch }) => patch)).toContainEqual({
    name: 'checkout',
    namespace: 'shop',
    environment: 'staging',
  });
});

test('a missing replica count is asked for; an absurd one is refused', async () => {
  expect(question(await scale.resolve({ name: 'checkout', ...staging }, writer)).field).toBe('replicas');
  for (const replicas of [-1, 2.5, 100_000]) {
    expect(await scale.resolve({ name: 'checkout', replicas, ...staging }, writer)).toMatchObject({
      kind: 'impossible',
    });
  }
});

test('two clusters in one environment are asked about only where both have it', async () => {
  const [first, second] = clusters.environments.flatMap(({ connections }) => connections);
  if (first === undefined || second === undefined) throw new Error('two connections are needed');
  const both = { name: 'all', tier: 'nonproduction' as const, aliases: [] };
  const connections = [first, second].map((connection) => ({ ...connection, environment: 'all' }));
  const joined = testWriter([{ ...both, connections }], clusters.proxy.socketPath);
  const asked = question(await restart.resolve({ name: 'checkout', environment: 'all' }, joined));
  const answered = await restart.resolve({ name: 'checkout', ...asked.options[1]?.patch }, joined);
  expect(answered).toMatchObject({ kind: 'input', input: { environment: 'all', connection: second.id } });
  expect((await restart.resolve({ name: 'only-here', environment: 'all' }, joined)).kind).toBe('input');
});

function question(resolution: { kind: string; question?: Question }): Question {
  if (resolution.question === undefined) throw new Error(`no question: ${JSON.stringify(resolution)}`);
  return resolution.question;
}

function deployment(name: string) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image: `registry.demo/${name}:1.0.0` }] },
      },
    },
  };
}

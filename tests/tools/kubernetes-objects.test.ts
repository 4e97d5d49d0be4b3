import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { AnyOperation, UndoContract } from '../../src/domain/operation.ts';
import { autoscale } from '../../src/tools/kubernetes/autoscale.ts';
import { createJob } from '../../src/tools/kubernetes/create_job.ts';
import { createNamespace } from '../../src/tools/kubernetes/create_namespace.ts';
import { deleteObject } from '../../src/tools/kubernetes/delete.ts';
import { runJob } from '../../src/tools/kubernetes/run_job.ts';
import { setSecret } from '../../src/tools/kubernetes/set_secret.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut, faultOf, inputFor, type TestWriter, throughJson } from './support/writer.ts';

type Undo = UndoContract<unknown, unknown> & { kind: 'reversible' };

const staging = { environment: 'staging' };
let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
});
beforeEach(() => {
  clusters.proxy.answer = undefined;
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

const undoOf = (operation: AnyOperation) => operation.undo as Undo;
const there = (path: string) =>
  clusters.kube('GET', path).then(
    () => true,
    () => false,
  );
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', labels: { part: name } },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});
const services = '/api/v1/namespaces/shop/services';

async function equalTwice(operation: AnyOperation, request: object): Promise<void> {
  const input = await inputFor(operation, request, writer);
  clusters.proxy.passed.length = 0;
  const first = throughJson(await operation.preview(input, writer));
  expect(canonicalJson(await operation.preview(input, writer))).toBe(canonicalJson(first));
  for (const { method, path, body } of clusters.proxy.passed)
    expect(
      method === 'GET' || (path.includes('dryRun=All') && (method !== 'DELETE' || body.includes('All'))),
    ).toBe(true);
}

describe('create_namespace', () => {
  const path = '/api/v1/namespaces/preview-7';

  test('makes it, is verified, and undo deletes it, once and twice', async () => {
    await equalTwice(createNamespace, { name: 'preview-7', ...staging });
    expect(await there(path)).toBe(false);
    const done = await carryOut(createNamespace, { name: 'preview-7', ...staging }, writer, 'k-ns');
    expect(await createNamespace.verify(done.input, writer, done.context)).toMatchObject({
      state: 'healthy',
    });
    expect(await createNamespace.landed(done.input, writer, done.context)).toBe('yes');
    await createNamespace.execute(done.input, writer, done.context);
    for (let time = 0; time < 2; time += 1) {
      await undoOf(createNamespace).restore(done.input, done.undo, writer);
      expect(await undoOf(createNamespace).verifyRestored(done.input, done.undo, writer)).toMatchObject({
        state: 'healthy',
      });
    }
  });

  test('undo leaves it where somebody has put something into it', async () => {
    const done = await carryOut(createNamespace, { name: 'kept-8', ...staging }, writer, 'k-ns2');
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs', namespace: 'kept-8' } };
    await clusters.kube('POST', '/api/v1/namespaces/kept-8/configmaps', map);
    const fault = await faultOf(undoOf(createNamespace).restore(done.input, done.undo, writer));
    expect(fault).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('configmap theirs'),
    });
    expect(await there('/api/v1/namespaces/kept-8')).toBe(true);
  });

  test('is refused for one that exists, and for what is no name', async () => {
    for (const name of ['shop', 'No Name!'])
      expect(await createNamespace.resolve({ name, ...staging }, writer)).toMatchObject({
        kind: 'impossible',
      });
    expect(await createNamespace.resolve({ ...staging }, writer)).toMatchObject({ kind: 'question' });
  });

  test('is not made over one that somebody made since', async () => {
    const input = await inputFor(createNamespace, { name: 'theirs-9', ...staging }, writer);
    const approved = await createNamespace.preview(input, writer);
    await clusters.kube('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'theirs-9' },
    });
    const late = createNamespace.execute(input, writer, { approved, idempotencyKey: 'k' });
    expect(await faultOf(late)).toMatchObject({ code: 'world-changed' });
  });
});

describe('autoscale', () => {
  const request = { name: 'payments-api', min: 2, max: 7, cpu: 60, environment: 'production' };

  test('sets one up where there is none, and undo removes it', async () => {
    const asked = { ...request, name: 'web', environment: 'staging' };
    await equalTwice(autoscale, asked);
    const done = await carryOut(autoscale, asked, writer, 'k-hpa');
    expect(done.approved.summary).toMatch(/2 to 7 at 60 % CPU$/);
    expect(await autoscale.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    expect(await autoscale.landed(done.input, writer, done.context)).toBe('yes');
    for (let time = 0; time < 2; time += 1) {
      await undoOf(autoscale).restore(done.input, done.undo, writer);
      expect(await undoOf(autoscale).verifyRestored(done.input, done.undo, writer)).toMatchObject({
        state: 'healthy',
      });
    }
  });

  test('asks for the most, and refuses bounds the wrong way round', async () => {
    const none = { name: 'web', namespace: 'shop', environment: 'staging' };
    const answers = [
      await autoscale.resolve(none, writer),
      await autoscale.resolve({ ...none, min: 5, max: 2 }, writer),
    ];
    expect(answers.map(({ kind }) => kind)).toEqual(['question', 'impossible']);
  });
});

describe('delete', () => {
  test('deletes it, and undo makes it again as it was written, once and twice', async () => {
    await clusters.kube('POST', services, service('old-edge'));
    const request = { kind: 'service', name: 'old-edge', ...staging };
    await equalTwice(deleteObject, request);
    expect(await there(`${services}/old-edge`)).toBe(true);
    const done = await carryOut(deleteObject, request, writer, 'k-del');
    expect(await there(`${services}/old-edge`)).toBe(false);
    expect(await deleteObject.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    expect(await deleteObject.landed(done.input, writer, done.context)).toBe('yes');
    await deleteObject.execute(done.input, writer, done.context);
    const undo = JSON.parse(JSON.stringify(done.undo)) as unknown;
    for (let time = 0; time < 2; time += 1) {
      await undoOf(deleteObject).restore(done.input, undo, writer);
      expect(await undoOf(deleteObject).verifyRestored(done.input, undo, writer)).toMatchObject({
        state: 'healthy',
      });
    }
    expect(await clusters.kube('GET', `${services}/old-edge`)).toMatchObject({
      metadata: { labels: { part: 'old-edge' } },
      spec: { selector: { app: 'old-edge' }, ports: [{ port: 80 }] },
    });
  });

  test('tells what goes with it, and brings a deployment back with its pods', async () => {
    const done = await carryOut(
      deleteObject,
      { kind: 'deployment', name: 'web', ...staging },
      writer,
      'k-web',
    );
    expect(done.approved.warnings.join(' ')).toMatch(/With it go: .*pod web-.*replicaset web-/);
    expect(await deleteObject.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    await undoOf(deleteObject).restore(done.input, done.undo, writer);
    expect(await there('/apis/apps/v1/namespaces/shop/deployments/web')).toBe(true);
  });

  test('is not done to what somebody changed or made anew since', async () => {
    await clusters.kube('POST', services, service('moving'));
    const input = await inputFor(deleteObject, { kind: 'service', name: 'moving', ...staging }, writer);
    const approved = await deleteObject.preview(input, writer);
    const context = { approved, idempotencyKey: 'k' };
    await clusters.kube('PATCH', `${services}/moving`, { spec: { selector: { app: 'else' } } });
    expect(await faultOf(deleteObject.execute(input, writer, context))).toMatchObject({
      code: 'world-changed',
    });
    await clusters.kube('DELETE', `${services}/moving`);
    await clusters.kube('POST', services, service('moving'));
    expect(await faultOf(deleteObject.execute(input, writer, context))).toMatchObject({
      code: 'world-changed',
    });
    expect(await deleteObject.landed(input, writer, context)).toBe('unclear');
  });

  test('undo does not write over another one of its name', async () => {
    await clusters.kube('POST', services, service('again'));
    const done = await carryOut(
      deleteObject,
      { kind: 'service', name: 'again', ...staging },
      writer,
      'k-again',
    );
    await clusters.kube('POST', services, service('again'));
    const late = undoOf(deleteObject).restore(done.input, done.undo, writer);
    expect(await faultOf(late)).toMatchObject({ code: 'world-changed' });
  });

  test('says what cannot be undone, and what it does not delete at all', async () => {
    const kinds = ['deployment', 'pod'];
    const [, pod] = await Promise.all(
      kinds.map(async (kind) => {
        const { items } = (await clusters.kube(
          'GET',
          kind === 'pod' ? '/api/v1/namespaces/shop/pods' : '/apis/apps/v1/namespaces/shop/deployments',
        )) as { items: { metadata: { name: string; ownerReferences?: object[] } }[] };
        const found = items.find(({ metadata }) => kind !== 'pod' || metadata.ownerReferences);
        return inputFor(deleteObject, { kind, name: found?.metadata.name, ...staging }, writer);
      }),
    );
    expect(undoOf(deleteObject).unless?.(pod)).toMatch(/makes another one/);
    const namespace = await inputFor(deleteObject, { kind: 'ns', name: 'shop', ...staging }, writer);
    expect(undoOf(deleteObject).unless?.(namespace)).toMatch(/not kept/);
    expect(deleteObject.assess(namespace as never).objects).toBeGreaterThan(2);
    expect(await deleteObject.resolve({ kind: 'ns', name: 'kube-system', ...staging }, writer)).toMatchObject(
      {
        kind: 'impossible',
      },
    );
    const unknown = await deleteObject.resolve({ kind: 'service', name: 'never-was', ...staging }, writer);
    expect(['question', 'impossible']).toContain(unknown.kind);
  });
});

describe('set_secret', () => {
  const request = { name: 'db-login', namespace: 'shop', key: 'password', secret: 'vault:db', ...staging };
  const path = '/api/v1/namespaces/shop/secrets/db-login';

  test('sends a mark in the place of the value, and shows keys alone', async () => {
    await equalTwice(setSecret, request);
    const done = await carryOut(setSecret, request, writer, 'k-secret');
    const write = clusters.proxy.passed.find(
      ({ method, path }) => method === 'POST' && !path.includes('dryRun'),
    );
    expect(JSON.parse(write?.body ?? '')).toMatchObject({
      stringData: { password: 'reign+secret://vault:db' },
    });
    expect(await setSecret.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    expect(await setSecret.landed(done.input, writer, done.context)).toBe('yes');
    expect(JSON.stringify(done)).not.toContain(Buffer.from('reign+secret://vault:db').toString('base64'));
    // The same Secret again, with another key: what is there stays.
    await carryOut(setSecret, { ...request, key: 'user' }, writer, 'k-secret-2');
    const { data } = (await clusters.kube('GET', path)) as { data: object };
    expect(Object.keys(data).sort()).toEqual(['password', 'user']);
  });

  test('warns where a delivery tool owns it', async () => {
    const mark = { 'argocd.argoproj.io/tracking-id': 'shop:/Secret:shop/db-login' };
    await clusters.kube('PATCH', path, { metadata: { annotations: mark } });
    const input = await inputFor(setSecret, request, writer);
    const { warnings } = await setSecret.preview(input as never, writer);
    expect(warnings).toContain('Argo CD application shop owns it and may undo this.');
  });

  test('is not written over what somebody wrote since', async () => {
    const input = await inputFor(setSecret, request, writer);
    const approved = await setSecret.preview(input, writer);
    await clusters.kube('PATCH', path, { stringData: { password: 'theirs' } });
    const late = setSecret.execute(input, writer, { approved, idempotencyKey: 'k' });
    expect(await faultOf(late)).toMatchObject({ code: 'world-changed' });
  });

  test('takes names of secrets, never values', async () => {
    const answers = [
      await setSecret.resolve({ ...request, secret: 'hunter2' }, writer),
      await setSecret.resolve({ ...request, secret: undefined }, writer),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({ kind: 'impossible', reason: expect.stringContaining('credential set') });
    expect(JSON.stringify(answers)).not.toContain('hunter2');
  });
});

describe('run_job', () => {
  const request = { name: 'ledger-backup', environment: 'production' };

  test('runs a job of the cron job once, and follows it to its end', async () => {
    await equalTwice(runJob, request);
    const done = await carryOut(runJob, request, writer, 'k-job');
    expect(await runJob.landed(done.input, writer, done.context)).toBe('yes');
    await runJob.execute(done.input, writer, done.context);
    expect(await runJob.verify(done.input, writer, done.context)).toEqual({
      state: 'healthy',
      evidence: expect.stringMatching(/^The job ledger-backup-reign-[0-9a-f]{8} completed\.$/),
    });
  }, 60_000);

  test('an unknown cron job is a question or is said not to be there', async () => {
    expect(await runJob.resolve({ environment: 'production' }, writer)).toMatchObject({ kind: 'question' });
    const unknown = await runJob.resolve({ ...request, name: 'no-such-job-anywhere' }, writer);
    expect(['question', 'impossible']).toContain(unknown.kind);
  });
});

describe('create_job', () => {
  const request = {
    name: 'reindex',
    image: 'registry.demo/web:1.0',
    namespace: 'shop',
    environment: 'staging',
  };

  test('runs an image once, and follows it to its end', async () => {
    await equalTwice(createJob, request);
    const done = await carryOut(
      createJob,
      { ...request, command: ['sh', '-c', 'echo it is done'] },
      writer,
      'c-1',
    );
    expect(createJob.describe(done.input).byHand).toBe(
      "kubectl -n shop create job reindex --image=registry.demo/web:1.0 -- sh -c 'echo it is done'",
    );
    expect(await createJob.landed(done.input, writer, done.context)).toBe('yes');
    await createJob.execute(done.input, writer, done.context);
    expect(await createJob.verify(done.input, writer, done.context)).toEqual({
      state: 'healthy',
      evidence: 'The job reindex completed.',
    });
    const other = { ...done.context, idempotencyKey: 'c-2' };
    expect(await createJob.landed(done.input, writer, other)).toBe('unclear');
    expect((await faultOf(createJob.execute(done.input, writer, other))).code).toBe('world-changed');
    expect((await faultOf(createJob.preview(done.input, writer))).code).toBe('conflict');
    expect(await createJob.resolve(request, writer)).toMatchObject({
      reason: expect.stringContaining('already'),
    });
  }, 60_000);

  test('what is missing is asked for, what is wrong is refused, and code is never less than code', async () => {
    expect(await createJob.resolve({}, writer)).toMatchObject({ question: { field: 'name' } });
    expect(await createJob.resolve({ name: 'x' }, writer)).toMatchObject({ question: { field: 'image' } });
    for (const wrong of [{ name: '../x' }, { image: 'Not An Image' }, { namespace: 'nowhere-at-all' }])
      expect(await createJob.resolve({ ...request, ...wrong }, writer)).toMatchObject({ kind: 'impossible' });
    const input = { ...(await inputFor(createJob, { ...request, name: 'other' }, writer)) };
    expect(createJob.assess(input)).toMatchObject({ effect: 'run-code', place: 'staging/shop' });
  });
});

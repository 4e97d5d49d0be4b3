import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AnyOperation } from '../../src/domain/operation.ts';
import { canI } from '../../src/tools/kubernetes/can_i.ts';
import { compare } from '../../src/tools/kubernetes/compare.ts';
import { portCheck } from '../../src/tools/kubernetes/port_check.ts';
import { quota } from '../../src/tools/kubernetes/quota.ts';
import { wait } from '../../src/tools/kubernetes/wait.ts';
import { whoCan } from '../../src/tools/kubernetes/who_can.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { faultOf, inputFor, type TestWriter } from './support/writer.ts';

// biome-ignore lint/suspicious/noExplicitAny: outputs of every kind.
type Any = any;

const staging = { environment: 'staging' };
let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
});
beforeEach(() => {
  clusters.proxy.answer = undefined;
  clusters.proxy.passed.length = 0;
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

/** Runs a read as the engine does: through its schemas, and writing nothing. */
async function look(operation: AnyOperation, request: object): Promise<Any> {
  const input = await inputFor(operation, request, writer);
  const output = operation.output.parse(await operation.execute(input as never, writer, {} as never));
  for (const { method, path } of clusters.proxy.passed)
    expect(method === 'GET' || path.includes('selfsubjectaccessreviews')).toBe(true);
  return { output, text: JSON.stringify(operation.render(output as never, input as never)) };
}
const kube = (method: string, path: string, body?: object) => clusters.kube(method, path, body);
const shop = '/apis/apps/v1/namespaces/shop/deployments';

describe('wait', () => {
  test('follows a rollout to its end, with progress', async () => {
    const request = { kind: 'deployment', name: 'worker', namespace: 'shop', ...staging };
    const input = (await inputFor(wait, request, writer)) as Any;
    await kube('PATCH', `${shop}/worker`, { spec: { replicas: 3 } });
    const output = await wait.execute(input, writer, {} as never);
    expect(output).toMatchObject({ condition: 'rolled out', state: '3 of 3 replicas available' });
    const text = JSON.stringify(wait.render(output, input));
    expect(text).toContain('The deployment shop/worker in staging is rolled out');
    expect(writer.reports.length).toBeGreaterThan(0);
  });

  test('knows conditions by any of their names, and phases', async () => {
    for (const condition of ['Available', 'condition=available', 'rollout'])
      expect(
        (await look(wait, { kind: 'deployment', name: 'cart', condition, ...staging })).output.state,
      ).toBeTruthy();
    expect(
      (await look(wait, { kind: 'ns', name: 'shop', condition: 'active', ...staging })).output.state,
    ).toBe('it is Active');
    expect((await look(wait, { kind: 'node', name: 'demo-staging-1', ...staging })).output.condition).toBe(
      'ready',
    );
  });

  test('sees a deletion', async () => {
    const maps = '/api/v1/namespaces/shop/configmaps';
    await kube('POST', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'leaving' } });
    setTimeout(() => void kube('DELETE', `${maps}/leaving`), 300);
    const { output } = await look(wait, { kind: 'cm', name: 'leaving', condition: 'gone', ...staging });
    expect(output).toMatchObject({ condition: 'deleted', state: 'it is gone' });
  });

  test('gives up in time, and at once where it can never come', async () => {
    const late = look(wait, {
      kind: 'service',
      name: 'cart',
      condition: 'deleted',
      timeout: '1s',
      ...staging,
    });
    expect(await faultOf(late)).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('nobody deletes it'),
    });
    const never = look(wait, { kind: 'service', name: 'cart', condition: 'sunny', ...staging });
    expect(await faultOf(never)).toMatchObject({
      code: 'unhealthy',
      message: expect.stringContaining('nothing called "sunny"'),
    });
    const job = {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'fails' } },
      spec: {
        backoffLimit: 0,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'demo/x:crash' }] } },
      },
    };
    await kube('POST', '/apis/batch/v1/namespaces/shop/jobs', job);
    expect(await faultOf(look(wait, { kind: 'job', name: 'fails', ...staging }))).toMatchObject({
      code: 'unhealthy',
    });
  }, 30_000);

  test('asks what for, and refuses times that are none', async () => {
    expect(await wait.resolve({ kind: 'service', name: 'cart', ...staging }, writer)).toMatchObject({
      question: { field: 'condition' },
    });
    for (const timeout of ['soon', '0s', '20m'])
      expect(await wait.resolve({ kind: 'pod', name: 'x', timeout, ...staging }, writer)).toMatchObject({
        kind: 'impossible',
      });
  });
});

describe('port_check', () => {
  const service = (name: string, spec: object) =>
    kube('POST', '/api/v1/namespaces/shop/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec,
    });

  test('counts the ready endpoints behind a named target port', async () => {
    const { output, text } = await look(portCheck, { name: 'cart', port: '80', ...staging });
    expect(output).toMatchObject({
      open: true,
      ports: [{ port: '80/TCP (http)', target: 'http (8080)', ready: 2, notReady: 0 }],
    });
    expect(text).toContain('nothing was sent');
    expect((await look(portCheck, { name: 'cart', port: 'http', ...staging })).output.open).toBe(true);
  });

  test('says why nothing is there', async () => {
    await service('nobody', { selector: { app: 'nobody-has-this' }, ports: [{ port: 80 }] });
    await service('wrong-name', { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 'metrics' }] });
    await service('wrong-number', { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 9999 }] });
    await service('by-hand', { ports: [{ port: 80 }] });
    await service('elsewhere', { type: 'ExternalName', externalName: 'db.example.com', ports: [] });
    const problem = async (name: string) =>
      (await look(portCheck, { name, ...staging })).output.ports[0].problem;
    expect(await problem('nobody')).toBe('no pod matches its selector app=nobody-has-this');
    expect(await problem('wrong-number')).toBe('no container declares the port 9999; is it the right one?');
    expect(await problem('by-hand')).toContain('selects no pods');
    expect((await look(portCheck, { name: 'elsewhere', ...staging })).text).toContain('db.example.com');
    // The demo cluster makes endpoints of a named port that no pod has; a real one makes none.
    clusters.proxy.answer = ({ path }) =>
      path.includes('endpoint') ? { status: 200, body: { items: [], subsets: [] } } : undefined;
    expect(await problem('wrong-name')).toBe('no container of its 2 pods has a port called "metrics"');
    expect(await problem('cart')).toMatch(/none of its 2 pods is ready/);
  });

  test('reads the older Endpoints where there are no slices', async () => {
    clusters.proxy.answer = ({ path }) =>
      path.includes('endpointslices') ? { status: 404, body: {} } : undefined;
    expect((await look(portCheck, { name: 'cart', ...staging })).output).toMatchObject({
      open: true,
      ports: [{ ready: 2 }],
    });
  });

  test('asks for a port that is there', async () => {
    expect(await portCheck.resolve({ name: 'cart', port: '443', ...staging }, writer)).toMatchObject({
      question: { field: 'port', options: [{ label: '80 (http)', patch: { port: '80' } }] },
    });
  });
});

test('quota: used and allowed, what is used up, and limit ranges', async () => {
  const metadata = { name: 'team', namespace: 'shop' };
  const hard = { 'requests.cpu': '2', pods: '10' };
  const limits = [{ type: 'Container', default: { memory: '256Mi' }, max: { cpu: '1' } }];
  clusters.proxy.answer = ({ path }) => {
    if (path.includes('resourcequotas'))
      return {
        status: 200,
        body: {
          items: [
            { metadata, spec: { hard }, status: { hard, used: { 'requests.cpu': '500m', pods: '10' } } },
          ],
        },
      };
    if (path.includes('limitranges'))
      return { status: 200, body: { items: [{ metadata, spec: { limits } }] } };
    return undefined;
  };
  const { output, text } = await look(quota, { namespace: 'shop', ...staging });
  expect(output).toEqual({
    full: 1,
    rows: [
      ['shop', 'team', 'requests.cpu', '500m', '2', '25%'],
      ['shop', 'team', 'pods', '10', '10', '100%'],
      ['shop', 'team', 'memory of each container', '', '256Mi', 'usual limit'],
      ['shop', 'team', 'cpu of each container', '', '1', 'most'],
    ],
  });
  expect(text).toContain('1 used up');
  clusters.proxy.answer = undefined;
  expect((await look(quota, { namespace: 'shop', ...staging })).text).toContain('There are no quotas');
  expect(await quota.resolve({ namespace: 'shap', ...staging }, writer)).toMatchObject({
    question: { field: 'namespace' },
  });
});

describe('rights', () => {
  test("Reign's own, by the server's word", async () => {
    const one = await look(canI, { verb: 'delete', kind: 'pods', namespace: 'shop', ...staging });
    expect(one.text).toContain("Reign's account may delete pods in namespace shop of staging.");
    expect((await look(canI, staging)).output.answers).toHaveLength(28);
    clusters.proxy.answer = ({ method }) =>
      method === 'POST'
        ? { status: 201, body: { status: { allowed: false, reason: 'no role' } } }
        : undefined;
    const denied = await look(canI, { verb: 'delete', kind: 'pods', ...staging });
    expect(denied.text).toContain('may not delete pods in all namespaces of staging (no role)');
    expect(await canI.resolve({ verb: 'juggle', ...staging }, writer)).toMatchObject({ kind: 'impossible' });
  });

  test('of others, by roles and bindings', async () => {
    const api = '/apis/rbac.authorization.k8s.io/v1';
    const rules = [{ verbs: ['get', 'delete'], apiGroups: [''], resources: ['pods'] }];
    const group = 'rbac.authorization.k8s.io';
    const make = (plural: string, kind: string, name: string, more: object, place = '/namespaces/shop') =>
      kube('POST', `${api}${place}/${plural}`, {
        apiVersion: `${group}/v1`,
        kind,
        metadata: { name },
        ...more,
      });
    await make('roles', 'Role', 'cleaner', { rules });
    await make('rolebindings', 'RoleBinding', 'cleaners', {
      roleRef: { apiGroup: group, kind: 'Role', name: 'cleaner' },
      subjects: [
        { kind: 'User', name: 'ann' },
        { kind: 'ServiceAccount', name: 'sweeper', namespace: 'shop' },
      ],
    });
    await make(
      'clusterroles',
      'ClusterRole',
      'everything',
      { rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] },
      '',
    );
    await make(
      'clusterrolebindings',
      'ClusterRoleBinding',
      'admins',
      {
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'everything' },
        subjects: [{ kind: 'Group', name: 'ops' }],
      },
      '',
    );
    const who = async (more: object) =>
      (await look(whoCan, { namespace: 'shop', ...staging, ...more })).output.grants.map(
        ({ who }: Any) => who,
      );
    expect(await who({})).toEqual(['group ops', 'user ann', 'service account shop/sweeper']);
    expect(await who({ verb: 'delete', kind: 'pod' })).toHaveLength(3);
    expect(await who({ verb: 'delete', kind: 'secret' })).toEqual(['group ops']);
    expect(await whoCan.resolve({ verb: 'delete', ...staging }, writer)).toMatchObject({
      kind: 'impossible',
    });
  });
});

describe('compare', () => {
  test('tells what differs between clusters, and shows no value of the environment', async () => {
    const { output, text } = await look(compare, { name: 'cart' });
    expect(output.copies).toMatchObject([
      { place: 'staging', state: 'identical', replicas: '2 of 2 ready' },
      {
        place: 'production',
        state: 'differs',
        differs: ['replicas: 4, not 2', '[cart].env[ENVIRONMENT].value: another value'],
      },
    ]);
    expect(text).toContain('1 of 2 are identical');
  });

  test('a copy that is missing, and a cluster that does not answer, hide nothing', async () => {
    const deployment = (await kube('GET', `${shop}/cart`)) as Any;
    const { selector, template } = deployment.spec;
    await kube('POST', shop, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'only-here' },
      spec: { selector, template },
    });
    const { output } = await look(compare, { name: 'only-here' });
    expect(output.copies.map(({ state }: Any) => state)).toEqual(['identical', 'missing']);
    const input = await inputFor(compare, { name: 'cart' }, writer);
    let asked = 0;
    clusters.proxy.answer = ({ path }) => {
      asked += path.endsWith('/cart') ? 1 : 0;
      return path.endsWith('/cart') && asked > 1
        ? { status: 503, body: { message: 'gone fishing' } }
        : undefined;
    };
    const { copies } = await compare.execute(input as Any, writer, {} as never);
    expect(copies.map(({ state }) => state).sort()).toEqual(['identical', 'unknown']);
  });

  test('asks which, and needs two clusters', async () => {
    expect(await compare.resolve({}, writer)).toMatchObject({ question: { field: 'name' } });
    expect(await compare.resolve({ name: 'worker' }, writer)).toMatchObject({
      question: { field: 'namespace' },
    });
    expect(await compare.resolve({ name: 'cart', ...staging }, writer)).toMatchObject({ kind: 'impossible' });
  });
});

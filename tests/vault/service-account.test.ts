import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoCluster, writeDemoKubeconfig } from '../../src/demo-cluster/index.ts';
import { createCredentialSource } from '../../src/vault/credentials.ts';
import { mintServiceAccountToken, withToken } from '../../src/vault/token-request.ts';
import { type Api, apiOf, startFast, temporaryFolder, token } from '../demo-cluster/support.ts';

const { folder, remove } = temporaryFolder();
const connection = 'kubernetes:staging/main';
let cluster: DemoCluster;
let api: Api;

beforeAll(async () => {
  cluster = await startFast(join(folder, 'staging'));
  api = apiOf(cluster.url);
  await api('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'steps' } });
  await api('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'steps' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'steps' }],
  });
});
afterAll(async () => {
  await cluster.close();
  remove();
});

function source(serviceAccount: string) {
  const reference = { kind: 'token' as const, url: cluster.url, token, serviceAccount };
  return createCredentialSource(new Map([[connection, reference]]));
}

const asWhom = async (bearer = '') => {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const { body } = await apiOf(cluster.url, bearer)(
    'POST',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    review,
  );
  return body.status?.userInfo.username;
};

test('steps use a ten-minute token of the service account, made once and masked', async () => {
  const credentials = source('shop/steps');
  const access = await credentials.access(connection);
  const bearer = access.headers?.['authorization']?.replace('Bearer ', '') ?? '';
  expect(bearer).not.toBe(token);
  expect(await asWhom(bearer)).toBe('system:serviceaccount:shop:steps');
  expect((access.until ?? 0) - Date.now()).toBeGreaterThan(590_000);
  expect((access.until ?? 0) - Date.now()).toBeLessThan(601_000);
  expect(await credentials.access(connection)).toEqual(access);
  expect(credentials.values()).toEqual([token, bearer]);
  const pods = await apiOf(cluster.url, bearer)('GET', '/api/v1/namespaces/shop/pods');
  expect(pods.status).toBe(200);
});

test('a kubeconfig is exchanged too, and its certificate goes no further', async () => {
  const file = join(folder, 'kubeconfig');
  await writeDemoKubeconfig(file, [{ name: 'staging', url: cluster.url, token }]);
  const reference = { kind: 'kubeconfig' as const, file, serviceAccount: 'shop/steps' };
  const credentials = createCredentialSource(new Map([[connection, reference]]));
  const access = await credentials.access(connection);
  expect(await asWhom(access.headers?.['authorization']?.replace('Bearer ', ''))).toBe(
    'system:serviceaccount:shop:steps',
  );
  const before = { url: 'https://c', tls: { ca: 'c', cert: 'a', key: 'b' }, secrets: ['b'] };
  expect(withToken(before, { token: 't', until: 5 })).toEqual({
    ...{ url: 'https://c', tls: { ca: 'c' }, secrets: ['b', 't'], until: 5 },
    headers: { authorization: 'Bearer t' },
  });
});

test('another service account is another credential', () => {
  const version = (account: string) => source(account).version(connection);
  expect(version('shop/steps')).toBe(version('shop/steps'));
  expect(version('shop/steps')).not.toBe(version('shop/default'));
});

test('a missing account, one that may not be asked for, and a server that is gone say what to do', async () => {
  await expect(source('shop/none').access(connection)).rejects.toThrow(
    /no service account shop\/none: `kubectl -n shop create serviceaccount none`/,
  );
  const { headers } = await source('shop/default').access(connection);
  const weak = { url: cluster.url, ...(headers ? { headers } : {}), secrets: [] };
  await expect(mintServiceAccountToken(weak, 'shop/steps')).rejects.toMatchObject({
    fault: { code: 'not-allowed', message: expect.stringContaining('create serviceaccounts/token') },
  });
  const gone = { url: 'http://127.0.0.1:1', secrets: [] };
  await expect(mintServiceAccountToken(gone, 'shop/steps')).rejects.toMatchObject({
    fault: { code: 'unreachable' },
  });
});

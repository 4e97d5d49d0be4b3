import { expect, test } from 'vitest';
import { helmFault } from './helm-fault.ts';
import { assessWrite, egressOf, type WriteInput } from './writes.ts';

const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';
const input: WriteInput = {
  ...{ environment: 'staging', connection: 'kubernetes:staging/main', clusterUid: 'u' },
  ...{ namespace: 'shop', release: 'web.eu', serverSide: true },
  objects: [{ kind: 'Deployment', path: deployment, acts: ['apply', 'delete'] }],
};
const rules = (given: WriteInput) => egressOf(given).map(({ method, path }) => `${method} ${path}`);

test('only the objects and the records of this release may be written', () => {
  expect(rules(input)).toEqual([
    'POST /api/v1/namespaces/shop/secrets',
    'PUT /\\/api\\/v1\\/namespaces\\/shop\\/secrets\\/sh\\.helm\\.release\\.v1\\.web\\.eu\\.v[0-9]+/',
    'DELETE /\\/api\\/v1\\/namespaces\\/shop\\/secrets\\/sh\\.helm\\.release\\.v1\\.web\\.eu\\.v[0-9]+/',
    `DELETE ${deployment}`,
    `PATCH ${deployment}`,
  ]);
  expect(rules({ ...input, serverSide: false })).toContain('POST /apis/apps/v1/namespaces/shop/deployments');
});

test('a write touches each object, and leaves its namespace in the open', () => {
  expect(assessWrite(input, 'update', [])).toMatchObject({
    targets: ['k8s:u/shop/release/web.eu', 'k8s:u/shop/deployment/web'],
    place: 'staging/shop',
    objects: 1,
  });
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/all';
  const wide = assessWrite(
    { ...input, objects: [{ kind: 'ClusterRole', path, acts: ['apply'] }] },
    'update',
    [],
  );
  expect(wide).toMatchObject({ targets: ['k8s:u/shop/release/web.eu', 'k8s:u/clusterrole/all'] });
  expect(wide).not.toHaveProperty('place');
  expect(wide.reasons).toEqual(['reaches out of namespace shop']);
});

test.each([
  ['Error: release: not found', 'not-found'],
  ['Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress', 'conflict'],
  ['level=WARN msg="x"\nError: UPGRADE FAILED: conflict occurred while applying object', 'conflict'],
  ['Error: INSTALLATION FAILED: secrets is forbidden: User "x" cannot create', 'not-allowed'],
  ['Error: found in Chart.yaml, but missing in charts/ directory: redis', 'bad-request'],
  ['Error: parse error at (web/templates/web.tpl:3): unexpected EOF', 'bad-request'],
  ['Error: the disk is full', 'unhealthy'],
])('%s is %s', (text, code) => {
  const { fault } = helmFault(text, 'staging');
  expect(fault.code).toBe(code);
  expect(fault.message).toContain('(staging): ');
  expect(fault.message).not.toContain('level=');
});

test('what the cluster answered tells more than words about the chart, but not than those about the release', () => {
  const answer = { status: 401, text: '{"message":"Unauthorized"}', fault: undefined };
  const { fault } = helmFault('Error: unable to build kubernetes objects', 'staging', answer);
  expect(fault).toMatchObject({
    code: 'not-allowed',
    message: expect.stringMatching(/credential.*helm: unable/),
  });
  const busy = helmFault(
    'Error: another operation (install/upgrade/rollback) is in progress',
    'staging',
    answer,
  );
  expect(busy.fault.code).toBe('conflict');
});

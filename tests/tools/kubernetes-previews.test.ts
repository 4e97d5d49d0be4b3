import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { AnyOperation } from '../../src/domain/operation.ts';
import { kubernetes } from '../../src/tools/kubernetes/index.ts';
import { restart } from '../../src/tools/kubernetes/restart.ts';
import { rollback } from '../../src/tools/kubernetes/rollback.ts';
import { scale } from '../../src/tools/kubernetes/scale.ts';
import { scaleBy } from '../../src/tools/kubernetes/scale_by.ts';
import { setImage } from '../../src/tools/kubernetes/set_image.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { inputFor, type TestWriter, throughJson } from './support/writer.ts';

const checkout = '/apis/apps/v1/namespaces/shop/deployments/checkout';
const where = { name: 'checkout', environment: 'staging' };
const writes: [string, AnyOperation, object][] = [
  ['scale', scale, { ...where, replicas: 5 }],
  ['scale_by', scaleBy, { ...where, factor: 2 }],
  ['restart', restart, where],
  ['rollback', rollback, where],
  ['set_image', setImage, { ...where, tag: '1.5.0' }],
];

let clusters: TestClusters;
let writer: TestWriter;

beforeAll(async () => {
  clusters = await startClusters();
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

test('every write of the tool is checked here, or with the nodes and objects', () => {
  const ids = kubernetes.operations.filter(({ effect }) => effect !== 'read').map(({ id }) => id);
  const elsewhere = [
    ...['kubernetes.autoscale', 'kubernetes.cordon', 'kubernetes.drain', 'kubernetes.uncordon'],
    ...['kubernetes.apply', 'kubernetes.patch'],
    ...[
      'kubernetes.create_job',
      'kubernetes.create_namespace',
      'kubernetes.delete',
      'kubernetes.run_job',
      'kubernetes.set_secret',
    ],
  ];
  expect([...writes.map(([, { id }]) => id), ...elsewhere].sort()).toEqual(ids.sort());
});

test.each(writes)(
  '%s: previews of an unchanged world are equal to the byte, and write nothing',
  async (_, operation, request) => {
    const input = await inputFor(operation, request, writer);
    const spec = await specOf();
    clusters.proxy.passed.length = 0;
    const first = throughJson(await operation.preview(input, writer));
    for (let round = 1; round <= 3; round += 1) {
      await clusters.kube('PATCH', checkout, { metadata: { labels: { touched: String(round) } } });
      expect(canonicalJson(await operation.preview(input, writer))).toBe(canonicalJson(first));
    }
    expect(await specOf()).toBe(spec);
    for (const { method, path } of clusters.proxy.passed) {
      expect(method === 'GET' || (method === 'PATCH' && path.includes('dryRun=All'))).toBe(true);
    }
  },
);

test.each(writes)(
  '%s: a status written in between does not disturb a preview',
  async (_, operation, request) => {
    const input = await inputFor(operation, request, writer);
    let rounds = 0;
    clusters.proxy.beforePass = async ({ method }) => {
      if (method !== 'PATCH' || rounds >= 2) return;
      rounds += 1;
      await clusters.kube('PATCH', checkout, {
        metadata: { annotations: { noise: String(rounds) + operation.id } },
      });
    };
    expect(await operation.preview(input, writer)).toMatchObject({ kind: 'dry-run' });
    clusters.proxy.beforePass = undefined;
    expect(rounds).toBe(2);
  },
);

async function specOf(): Promise<string> {
  return canonicalJson(((await clusters.kube('GET', checkout)) as { spec: object }).spec);
}

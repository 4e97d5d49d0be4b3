import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { generate } from '../../src/tools/monitoring/generate.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { faultOf, inputFor, type TestWriter } from './support/writer.ts';

const promtool = spawnSync('which', ['promtool']).status === 0;
if (!promtool) console.warn('NOT TESTED: whether promtool takes generated rules: it is not installed.');

let clusters: TestClusters;
let writer: TestWriter;
beforeAll(async () => {
  clusters = await startClusters();
  writer = clusters.writer();
});
afterAll(() => clusters?.close());

async function written(request: object) {
  const input = await inputFor(generate, request, writer);
  const output = await generate.execute(input, writer, { approved: undefined, idempotencyKey: 'r' });
  return { input, ...output, rendered: generate.render(output, input) };
}
const service = (name: string, spec: object, metadata: object = {}) =>
  clusters.kube('POST', '/api/v1/namespaces/shop/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...metadata },
    spec,
  });

describe('a ServiceMonitor', () => {
  test('chooses the live service by its labels and its port', async () => {
    await service(
      'metered',
      {
        ports: [
          { name: 'http', port: 80 },
          { name: 'metrics', port: 9100 },
        ],
      },
      { labels: { app: 'metered', version: 'v7' }, annotations: { 'prometheus.io/path': '/m' } },
    );
    const { content, operator, rendered } = await written({
      kind: 'a service monitor',
      name: 'metered',
      environment: 'stg',
    });
    expect(parse(content)).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'metered', namespace: 'shop', labels: { app: 'metered' } },
      spec: {
        selector: { matchLabels: { app: 'metered' } },
        namespaceSelector: { matchNames: ['shop'] },
        endpoints: [{ port: 'metrics', path: '/m', interval: '30s' }],
      },
    });
    expect(operator).toBe(false);
    expect(rendered).toMatchObject({ note: expect.stringContaining('needs the Prometheus operator') });
  });

  test('names a port without a name by what it leads to', async () => {
    await service('plain', { ports: [{ port: 80, targetPort: 8080 }] }, { labels: { team: 'x' } });
    const { content } = await written({ kind: 'servicemonitor', name: 'shop/plain', environment: 'staging' });
    expect(parse(content).spec).toMatchObject({
      selector: { matchLabels: { team: 'x' } },
      endpoints: [{ targetPort: 8080 }],
    });
  });

  test('is refused for a service that no label tells from others', async () => {
    await service('bare', { ports: [{ port: 80 }] });
    const failing = written({ kind: 'servicemonitor', name: 'bare', environment: 'staging' });
    expect(await faultOf(failing)).toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/no labels/),
    });
  });
});

describe('rules and dashboards', () => {
  test('a PrometheusRule has the usual alerts, and promtool takes them', async () => {
    const { input, content } = await written({
      kind: 'alert rules',
      name: 'checkout',
      environment: 'staging',
    });
    expect(input).toMatchObject({ kind: 'prometheusrule', of: 'deployment', namespace: 'shop' });
    const { spec } = parse(content) as { spec: { groups: { rules: { alert: string; expr: string }[] }[] } };
    expect(spec.groups[0]?.rules.map(({ alert }) => alert)).toEqual([
      ...['WorkloadDown', 'WorkloadReplicasMissing', 'WorkloadCrashLooping', 'WorkloadMemoryNearLimit'],
      'WorkloadCpuThrottled',
    ]);
    if (promtool) expect(promtoolSays(spec)).toMatch(/SUCCESS: 5 rules found/);
  });

  test('a dashboard is valid JSON whose every expression promtool takes, the same each time', async () => {
    const request = { kind: 'grafana dashboard', name: 'checkout', environment: 'staging' };
    const { content, operator } = await written(request);
    expect(operator).toBe(true);
    expect((await written(request)).content).toBe(content);
    const { panels, title } = JSON.parse(content) as {
      title: string;
      panels: { targets: { expr: string }[] }[];
    };
    expect(title).toBe('shop/checkout');
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions).toHaveLength(9);
    const rules = expressions.map((expr, index) => ({ record: `r${index}`, expr }));
    if (promtool) expect(promtoolSays({ groups: [{ name: 'g', rules }] })).toMatch(/SUCCESS: 9 rules found/);
  });

  function promtoolSays(groups: object): string {
    const folder = mkdtempSync(join(tmpdir(), 'reign-promtool-'));
    writeFileSync(join(folder, 'rules.yml'), stringify(groups));
    const { stdout, stderr } = spawnSync('promtool', ['check', 'rules', join(folder, 'rules.yml')]);
    rmSync(folder, { recursive: true });
    return `${stdout}${stderr}`;
  }
});

describe('what is not clear', () => {
  test('is asked', async () => {
    expect(await generate.resolve({}, writer)).toMatchObject({ question: { field: 'kind' } });
    expect(await generate.resolve({ kind: 'poem' }, writer)).toMatchObject({ question: { field: 'kind' } });
    const nameless = await generate.resolve({ kind: 'dashboard', environment: 'stg' }, writer);
    expect(nameless).toMatchObject({ question: { field: 'name' } });
    expect(await generate.resolve({ kind: 'dashboard', name: 'checkout' }, writer)).toMatchObject({
      question: { field: 'environment' },
    });
    const near = await generate.resolve({ kind: 'dashboard', name: 'chekout', environment: 'stg' }, writer);
    expect(near).toMatchObject({
      question: { options: [{ patch: { name: 'checkout', namespace: 'shop' } }] },
    });
    expect(
      await generate.resolve({ kind: 'dashboard', name: 'zzzzzz', environment: 'stg' }, writer),
    ).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('shop/checkout'),
    });
  });

  test('and what is gone meanwhile is told', async () => {
    const input = await inputFor(
      generate,
      { kind: 'dashboard', name: 'checkout', environment: 'stg' },
      writer,
    );
    const gone = generate.execute({ ...input, name: 'gone' }, writer, {
      approved: undefined,
      idempotencyKey: 'r',
    });
    expect(await faultOf(gone)).toMatchObject({ code: 'not-found' });
  });
});

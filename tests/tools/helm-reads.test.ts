import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChart } from '../../src/tools/helm/create_chart.ts';
import { history } from '../../src/tools/helm/history.ts';
import { lint } from '../../src/tools/helm/lint.ts';
import { list } from '../../src/tools/helm/list.ts';
import { status } from '../../src/tools/helm/status.ts';
import { template } from '../../src/tools/helm/template.ts';
import { test as helmTest } from '../../src/tools/helm/test.ts';
import { values } from '../../src/tools/helm/values.ts';
import { faultOf, type HelmBed, missingHelm, startHelmBed } from './support/helm-bed.ts';

const missing = missingHelm();
if (missing !== undefined) console.warn(`NOT TESTED: the reads of helm and helm.test, because ${missing}`);

let bed: HelmBed;
beforeAll(async () => {
  bed = await startHelmBed();
  if (missing !== undefined) return;
  await bed.helm('install', 'shop', 'web', '--set', 'password=opensesame', '--set', 'replicas=1');
  await bed.helm('upgrade', 'shop', 'web', '--set', 'tag=2', '--reuse-values');
});
afterAll(() => bed.close());

const read = async (operation: Parameters<HelmBed['call']>[0], request: object) => {
  const input = await bed.input(operation, request);
  const output = await bed.call(operation, 'execute', { input, idempotencyKey: 'look' });
  const rendered = operation.render(output as never, input as never);
  return { input, output, text: JSON.stringify(rendered) };
};

describe.skipIf(missing !== undefined)('reading', () => {
  test('list, of a namespace and of all', async () => {
    const { output } = await read(list, { environment: 'stg' });
    expect(output.releases).toMatchObject([
      { name: 'shop', namespace: 'default', revision: '2', status: 'deployed', chart: 'web-0.1.0' },
    ]);
    expect((await read(list, { namespace: 'shop' })).output.releases).toEqual([]);
    expect(await bed.resolve(list, { namespace: 'no-such' })).toMatchObject({ kind: 'impossible' });
  });

  test('status, with what runs; also of a release that a lost run of helm left pending', async () => {
    expect((await read(status, { release: 'shop' })).output).toMatchObject({
      ...{ revision: 2, status: 'deployed', chart: 'web-0.1.0' },
      objects: ['Secret shop-keys', 'Service shop', 'Deployment shop'],
      workloads: [{ title: 'Deployment shop', line: expect.stringContaining('of 1') }],
    });
    await bed.helm('install', 'stuck', 'web');
    await bed.pend('stuck', 1);
    expect((await read(status, { release: 'stuck' })).text).toContain('uninstall it and install it anew');
    await bed.helm('uninstall', 'stuck');
    expect(await bed.resolve(status, { release: 'shpo' })).toMatchObject({ kind: 'question' });
  });

  test('history', async () => {
    const { output } = await read(history, { release: 'shop' });
    expect(output.revisions).toMatchObject([
      { revision: 1, status: 'superseded' },
      { revision: 2, status: 'deployed' },
    ]);
  });

  test('values, less what is secret', async () => {
    const { text } = await read(values, { release: 'shop' });
    expect(text).toContain('replicas: 1');
    expect(text).toContain('password: (hidden)');
    expect(text).not.toContain('opensesame');
  });

  test('lint and template of a chart', async () => {
    expect((await read(lint, { chart: 'web' })).output).toMatchObject({ passed: true });
    const { text } = await read(template, { chart: 'web', release: 'x' });
    expect(text).toContain('image: nginx:1');
    expect(text).not.toContain('hunter2');
    bed.edit('templates/web.tpl', '{{ .Release.Name }}', '{{ .Release.Name');
    expect((await read(lint, { chart: 'web' })).output.passed).toBe(false);
    expect(await faultOf(read(template, { chart: 'web' }))).toMatchObject({ code: 'bad-request' });
    bed.reset();
    expect(await bed.resolve(lint, { chart: 'other' })).toMatchObject({ kind: 'impossible' });
  });

  test('a new chart passes lint and the dry run of the cluster', async () => {
    const { output, text } = await read(createChart, { name: 'mailer', image: 'acme/mailer:5', port: 2525 });
    expect(output.tried).toBe('staging');
    expect(text).toContain('It passes helm lint. The cluster of staging would take its objects.');
    expect(await bed.resolve(createChart, { image: 'x' })).toMatchObject({ question: { field: 'name' } });
    expect(await bed.resolve(createChart, { name: 'x' })).toMatchObject({ question: { field: 'image' } });
    expect(await bed.resolve(createChart, { name: 'x', image: 'a b' })).toMatchObject({ kind: 'impossible' });
  });
});

describe.skipIf(missing !== undefined)('helm.test', () => {
  test('runs the test pods, and knows that they ran', async () => {
    const { input, context, approved, output } = await bed.carryOut(helmTest, { release: 'shop' }, 'key-1');
    expect(approved.summary).toBe('runs Pod shop-answers');
    expect(output).toEqual({ tests: [{ name: 'shop-answers', phase: 'Succeeded' }] });
    expect(await bed.verify(helmTest, input, context)).toMatchObject({ state: 'healthy' });
    const args = { input, ...context };
    expect(await bed.call(helmTest, 'landed', args)).toBe('yes');
    expect(await faultOf(bed.call(helmTest, 'execute', args))).toMatchObject({ code: 'world-changed' });
    const before = await bed.preview(helmTest, input);
    expect(await bed.preview(helmTest, input)).toEqual(before);
    expect(await bed.call(helmTest, 'landed', { ...args, approved: before })).toBe('no');
  });

  test('a release without tests, and one that is not there', async () => {
    bed.edit('templates/tests/answers.tpl', 'helm.sh/hook: test', 'helm.sh/hook: post-delete');
    await bed.helm('install', 'plain', 'web');
    expect(await bed.resolve(helmTest, { release: 'plain' })).toMatchObject({
      reason: expect.stringContaining('brings no tests'),
    });
    expect(await bed.resolve(helmTest, { release: 'zebra' })).toMatchObject({ kind: 'impossible' });
    bed.reset();
  });

  test('nothing was refused by the broker', () => expect(bed.refused).toEqual([]));
});

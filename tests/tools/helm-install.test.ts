import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { undoKindOf } from '../../src/domain/operation.ts';
import { install } from '../../src/tools/helm/install.ts';
import { uninstall } from '../../src/tools/helm/uninstall.ts';
import { faultOf, type HelmBed, missingHelm, startHelmBed } from './support/helm-bed.ts';

const missing = missingHelm();
if (missing !== undefined) console.warn(`NOT TESTED: helm.install and helm.uninstall, because ${missing}`);

let bed: HelmBed;
beforeAll(async () => {
  bed = await startHelmBed();
});
afterAll(() => bed.close());
afterEach(() => {
  bed.reset();
  expect(bed.refused.splice(0)).toEqual([]);
});

const deployment = (name: string) => `/apis/apps/v1/namespaces/default/deployments/${name}`;

describe.skipIf(missing !== undefined)('helm.install', () => {
  test('a chart of the folder, marked with its step, verified, undone twice', async () => {
    const { input, approved, context, undo, output } = await bed.carryOut(
      install,
      { chart: './web', release: 'shop' },
      'key-1',
    );
    expect(approved.summary).toBe('creates Deployment shop, Secret shop-keys, Service shop');
    expect(JSON.stringify([input, approved, output])).not.toContain('hunter2');
    expect(output).toEqual({ release: 'default/shop', revision: 1, status: 'deployed', chart: 'web-0.1.0' });
    expect(JSON.parse(await bed.helm('history', 'shop', '-o', 'json'))).toMatchObject([
      { status: 'deployed', description: 'reign key-1' },
    ]);
    expect(await bed.verify(install, input, context)).toEqual({
      state: 'healthy',
      evidence: 'Deployment shop: 2 of 2 ready',
    });
    expect(bed.reports).toContain('helm install shop');
    expect(await bed.call(install, 'landed', { input, ...context })).toBe('yes');
    const again = await bed.call(install, 'execute', { input, ...context });
    expect(again).toEqual(output);

    const restore = { input, undo };
    expect(await bed.call(install, 'preview-restore', restore)).toMatchObject({
      summary: 'uninstalls the release: removes Deployment shop, Secret shop-keys, Service shop',
    });
    await bed.call(install, 'restore', restore);
    await bed.call(install, 'restore', restore);
    expect(await bed.call(install, 'verify-restored', restore)).toMatchObject({ state: 'healthy' });
    expect(await bed.kube('GET', deployment('shop'))).toBeUndefined();
    expect(JSON.parse(await bed.helm('list', '-o', 'json'))).toEqual([]);
  });

  test('asks and refuses in words', async () => {
    const ask = (request: object) => bed.resolve(install, request);
    expect(await ask({ environment: 'staging' })).toMatchObject({
      question: { field: 'chart', options: [{ patch: { chart: 'web' } }] },
    });
    expect(await ask({ chart: 'bitnami/nginx' })).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('helm pull bitnami/nginx --untar'),
    });
    expect(await ask({ chart: 'oci://registry.example.com/web' })).toMatchObject({ kind: 'impossible' });
    expect(await ask({ chart: 'wbe' })).toMatchObject({
      question: { text: expect.stringContaining('Did you mean'), options: [{ patch: { chart: 'web' } }] },
    });
    expect(await ask({ chart: 'web', version: '9.9.9' })).toMatchObject({
      reason: expect.stringContaining('has version 0.1.0, not 9.9.9'),
    });
    expect(await ask({ chart: 'web', namespace: 'nowhere' })).toMatchObject({
      reason: expect.stringContaining('no namespace nowhere'),
    });
    expect(await ask({ chart: '../../etc', release: 'x' })).toMatchObject({ kind: 'impossible' });
    expect(await ask({ chart: 'web', release: 'Not A Name!' })).toMatchObject({ kind: 'impossible' });
    expect(await ask({ chart: 'web', environment: 'moon' })).toMatchObject({ kind: 'question' });
  });

  test('what the chart or the cluster would not take fails before anything is written', async () => {
    bed.edit('templates/web.tpl', 'replicas: {{', 'replicas: {{ .Values.nothing.at.all }}{{');
    expect(await faultOf(bed.resolve(install, { chart: 'web', release: 'broken' }))).toMatchObject({
      message: expect.stringContaining('nil pointer'),
    });
    bed.reset();
    bed.edit('templates/web.tpl', 'port: 80,', 'port: 99999999,');
    const input = await bed.input(install, { chart: 'web', release: 'broken' });
    expect(await faultOf(bed.preview(install, input))).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('Service broken'),
    });
  });

  test('previews of an unchanged world are equal, also where the chart makes up values', async () => {
    bed.edit('values.yaml', 'random: false', 'random: true');
    const input = await bed.input(install, { chart: 'web', release: 'dice' });
    const first = await bed.preview(install, input);
    expect(await bed.preview(install, input)).toEqual(first);
    expect(JSON.stringify(first.after)).toContain('(made anew each time)');
  });

  test('a world or chart that changed after the approval is left alone', async () => {
    const input = await bed.input(install, { chart: 'web', release: 'late' });
    const approved = await bed.preview(install, input);
    const args = { input, approved, idempotencyKey: 'key-late' };
    bed.edit('values.yaml', 'tag: "1"', 'tag: "2"');
    expect(await faultOf(bed.call(install, 'execute', args))).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('the files of the chart were changed'),
    });
    bed.reset();
    expect(await bed.call(install, 'landed', args)).toBe('no');
    await bed.helm('install', 'late', 'web');
    expect(await faultOf(bed.call(install, 'execute', args))).toMatchObject({ code: 'world-changed' });
    expect(await bed.call(install, 'landed', args)).toBe('unclear');
    expect(await bed.resolve(install, { chart: 'web', release: 'late' })).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('exists already'),
    });
    await bed.helm('uninstall', 'late');
  });

  test('an image that cannot be pulled fails the check; undo after another revision is refused', async () => {
    bed.edit('values.yaml', 'tag: "1"', 'tag: "bad"');
    const { input, context, undo } = await bed.carryOut(install, { chart: 'web', release: 'sick' }, 'key-2');
    expect(await bed.verify(install, input, context)).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('nginx:bad'),
    });
    await bed.helm('upgrade', 'sick', 'web', '--set', 'tag=3');
    expect(await bed.verify(install, input, context)).toMatchObject({ state: 'unclear' });
    expect(await faultOf(bed.call(install, 'restore', { input, undo }))).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('revision 2'),
    });
    await bed.helm('uninstall', 'sick');
  });
});

describe.skipIf(missing !== undefined)('helm.uninstall', () => {
  test('keeps the history, is undone by a rollback, and the name can be installed again', async () => {
    await bed.helm('install', 'old', 'web');
    const { input, context, undo, approved } = await bed.carryOut(uninstall, { release: 'old' }, 'key-3');
    expect(uninstall.assess(input)).toMatchObject({ effect: 'delete', objects: 3 });
    expect(approved.summary).toBe('removes Deployment old, Secret old-keys, Service old');
    expect(await bed.verify(uninstall, input, context)).toMatchObject({ state: 'healthy' });
    expect(await bed.call(uninstall, 'landed', { input, ...context })).toBe('yes');
    expect(await bed.kube('GET', deployment('old'))).toBeUndefined();

    await bed.call(uninstall, 'restore', { input, undo });
    await bed.call(uninstall, 'restore', { input, undo });
    expect(await bed.call(uninstall, 'verify-restored', { input, undo })).toMatchObject({ state: 'healthy' });
    expect(await bed.kube('GET', deployment('old'))).toMatchObject({ kind: 'Deployment' });

    await bed.carryOut(uninstall, { release: 'old' }, 'key-4');
    await expect(bed.helm('install', 'old', 'web')).rejects.toThrow(/cannot re-?use a name/);
    expect(await bed.resolve(uninstall, { release: 'old' })).toMatchObject({ kind: 'impossible' });
    const anew = await bed.carryOut(install, { chart: 'web', release: 'old' }, 'key-5');
    expect(anew.output).toMatchObject({ revision: 3, status: 'deployed' });
    await bed.call(install, 'restore', { input: anew.input, undo: anew.undo });
    await bed.call(install, 'restore', { input: anew.input, undo: anew.undo });
    expect(await bed.helm('history', 'old')).toContain('uninstalled');
  });

  test('what is marked to be kept stays; an object of another release and an unknown kind are told', async () => {
    const service = '---\napiVersion: v1\nkind: Service';
    const kept = (kind: string) =>
      `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: kept, annotations: { helm.sh/resource-policy: keep } }\n`;
    bed.edit('templates/web.tpl', service, `${kept('ConfigMap')}${service}`);
    const first = await bed.carryOut(install, { chart: 'web', release: 'data' }, 'key-7');
    expect(await faultOf(bed.resolve(install, { chart: 'web', release: 'other' }))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('ConfigMap "kept"'),
    });
    const { warnings } = await bed.preview(uninstall, await bed.input(uninstall, { release: 'data' }));
    expect(warnings).toContain('ConfigMap kept is marked to be kept and stays.');
    await bed.call(install, 'restore', { input: first.input, undo: first.undo });
    expect(await bed.kube('GET', '/api/v1/namespaces/default/configmaps/kept')).toBeDefined();

    bed.reset();
    bed.edit('templates/web.tpl', service, `${kept('Spaceship')}${service}`);
    expect(await faultOf(bed.resolve(install, { chart: 'web', release: 'other' }))).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('kind'),
    });
  });

  test('an uninstall that deletes claims with their data cannot be undone', async () => {
    await bed.helm('install', 'lean', 'web');
    const input = await bed.input(uninstall, { release: 'lean' });
    expect(undoKindOf(uninstall, input)).toBe('reversible');
    const path = '/api/v1/namespaces/default/persistentvolumeclaims/data';
    const claim = { kind: 'PersistentVolumeClaim', path, acts: ['delete'] };
    expect(undoKindOf(uninstall, { ...input, objects: [claim] })).toBe('irreversible');
    await bed.helm('uninstall', 'lean');
  });

  test('not found, near names, and a world that changed', async () => {
    await bed.helm('install', 'checkout', 'web');
    expect(await bed.resolve(uninstall, { release: 'chekout' })).toMatchObject({
      question: { field: 'release', options: [{ patch: { release: 'checkout', namespace: 'default' } }] },
    });
    expect(await bed.resolve(uninstall, {})).toMatchObject({ kind: 'question' });
    expect(await bed.resolve(uninstall, { release: 'zebra' })).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('default/checkout'),
    });
    const input = await bed.input(uninstall, { release: 'checkout' });
    const approved = await bed.preview(uninstall, input);
    expect(await bed.preview(uninstall, input)).toEqual(approved);
    await bed.helm('upgrade', 'checkout', 'web', '--set', 'tag=2');
    const args = { input, approved, idempotencyKey: 'key-6' };
    expect(await faultOf(bed.call(uninstall, 'execute', args))).toMatchObject({ code: 'world-changed' });
    expect(await bed.call(uninstall, 'landed', args)).toBe('unclear');
    await bed.helm('uninstall', 'checkout');
  });
});

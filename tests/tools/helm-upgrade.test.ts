import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { rollback } from '../../src/tools/helm/rollback.ts';
import { upgrade } from '../../src/tools/helm/upgrade.ts';
import { faultOf, type HelmBed, missingHelm, startHelmBed } from './support/helm-bed.ts';

const missing = missingHelm();
if (missing !== undefined) console.warn(`NOT TESTED: helm.upgrade and helm.rollback, because ${missing}`);

let bed: HelmBed;
beforeAll(async () => {
  bed = await startHelmBed();
});
afterAll(() => bed.close());
afterEach(() => {
  bed.reset();
  expect(bed.refused.splice(0)).toEqual([]);
});

const imageOf = async (name: string) => {
  const live = await bed.kube('GET', `/apis/apps/v1/namespaces/default/deployments/${name}`);
  return live?.spec.template.spec.containers[0].image;
};
const newChart = () => {
  bed.edit('Chart.yaml', 'version: 0.1.0', 'version: 0.2.0');
  bed.edit('values.yaml', 'tag: "1"', 'tag: "2"');
  bed.edit('values.yaml', 'hunter2', 'hunter3');
  bed.edit('values.yaml', 'extra: false', 'extra: true');
};

describe.skipIf(missing !== undefined)('helm.upgrade', () => {
  test('changes values, shows what that makes of the objects, keeps the others, and is undone', async () => {
    await bed.helm('install', 'valued', 'web', '--set', 'replicas=2');
    const asked = { release: 'valued', values: 'tag="1.4", extra=true' };
    const { input, approved, undo } = await bed.carryOut(upgrade, asked, 'values-1');
    expect(upgrade.describe(input)).toEqual({
      title: 'Upgrade release default/valued in staging to chart web 0.1.0 with tag=1.4 and extra=true',
      byHand:
        "helm upgrade valued ./web --namespace default --reset-then-reuse-values --set-json 'tag=\"1.4\"' --set-json 'extra=true'",
    });
    expect(approved).toMatchObject({
      summary: 'creates ConfigMap valued-extra, changes Deployment valued',
      after: {
        objects: { 'Deployment valued': { 'spec.template.spec.containers[web].image': 'nginx:1.4' } },
      },
    });
    expect(await imageOf('valued')).toBe('nginx:1.4');
    const has = JSON.parse(await bed.helm('get', 'values', 'valued', '-o', 'json')) as object;
    expect(has).toEqual({ replicas: 2, tag: '1.4', extra: true });
    await bed.call(upgrade, 'restore', { input, undo });
    expect(await imageOf('valued')).toBe('nginx:1');
    const secret = await bed.call(upgrade, 'resolve', {
      request: { release: 'valued', values: 'password=hunter4' },
    });
    expect(secret).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('looks like a secret'),
    });
  });

  test('shows what differs, runs the hook, is undone twice', async () => {
    await bed.helm('install', 'shop', 'web', '--set', 'replicas=1');
    newChart();
    const { input, approved, context, undo, output } = await bed.carryOut(
      upgrade,
      { release: 'shop' },
      'key-1',
    );
    expect(approved).toMatchObject({
      kind: 'dry-run',
      summary: 'creates ConfigMap shop-extra, changes Deployment shop, Secret shop-keys',
      before: {
        revision: 1,
        chart: 'web-0.1.0',
        objects: { 'Deployment shop': { 'spec.template.spec.containers[web].image': 'nginx:1' } },
      },
      after: {
        revision: 2,
        chart: 'web-0.2.0',
        objects: {
          'Deployment shop': {
            'spec.template.spec.containers[web].image': 'nginx:2',
            'spec.template.spec.containers[web].env[PASSWORD].value': '(hidden, another value)',
          },
          'ConfigMap shop-extra': { 'data.mode': '(hidden)' },
        },
      },
      warnings: [expect.stringContaining('Job shop-migrate (pre-upgrade)')],
    });
    expect(JSON.stringify([input, approved, undo, output])).not.toContain('hunter');
    expect(output).toEqual({ release: 'default/shop', revision: 2, status: 'deployed', chart: 'web-0.2.0' });
    expect(await bed.helm('history', 'shop')).toContain('reign key-1');
    expect(await bed.helm('get', 'values', 'shop')).toContain('replicas: 1');
    expect(await bed.verify(upgrade, input, context)).toMatchObject({ state: 'healthy' });
    expect(await bed.call(upgrade, 'landed', { input, ...context })).toBe('yes');
    expect(await bed.call(upgrade, 'execute', { input, ...context })).toEqual(output);

    const restore = { input, undo };
    expect(await bed.call(upgrade, 'preview-restore', restore)).toMatchObject({
      summary:
        'goes back to revision 1: changes Deployment shop, Secret shop-keys, removes ConfigMap shop-extra',
    });
    await bed.call(upgrade, 'restore', restore);
    await bed.call(upgrade, 'restore', restore);
    expect(await bed.call(upgrade, 'verify-restored', restore)).toMatchObject({ state: 'healthy' });
    expect(await imageOf('shop')).toBe('nginx:1');
    expect(await bed.kube('GET', '/api/v1/namespaces/default/configmaps/shop-extra')).toBeUndefined();
  });

  test('previews are equal; a removed object raises the risk', async () => {
    await bed.helm('install', 'even', 'web', '--set', 'extra=true');
    bed.edit('templates/web.tpl', '{{- if .Values.extra }}', '{{- if false }}');
    const input = await bed.input(upgrade, { release: 'even', chart: 'web' });
    const first = await bed.preview(upgrade, input);
    expect(await bed.preview(upgrade, input)).toEqual(first);
    expect(first.raises).toEqual([{ level: 'high', reason: 'deletes ConfigMap even-extra' }]);
  });

  test('fields that somebody else set, and what the server refuses, are told before the approval', async () => {
    await bed.helm('install', 'mine', 'web');
    const path = '/apis/apps/v1/namespaces/default/deployments/mine';
    await bed.kube('PATCH', `${path}?fieldManager=hand`, { spec: { replicas: 5 } });
    bed.edit('values.yaml', 'replicas: 2', 'replicas: 3');
    const input = await bed.input(upgrade, { release: 'mine' });
    // helm 3 merges by itself and overwrites them.
    if (input.serverSide)
      expect(await faultOf(bed.preview(upgrade, input))).toMatchObject({ code: 'conflict' });
  });

  test('a release that helm merges by itself stays so, and its new objects are created by their lists', async () => {
    const client = (await bed.helm('version')).includes('"v3.') ? [] : ['--server-side=false'];
    await bed.helm('install', 'older', 'web', ...client);
    newChart();
    const { input, undo, context } = await bed.carryOut(upgrade, { release: 'older' }, 'key-older');
    expect(input.serverSide).toBe(false);
    expect(await bed.verify(upgrade, input, context)).toMatchObject({ state: 'healthy' });
    await bed.call(upgrade, 'restore', { input, undo });
    expect(await imageOf('older')).toBe('nginx:1');
    const again = await bed.carryOut(rollback, { release: 'older', revision: 2 }, 'key-older-2');
    expect(again.input.serverSide).toBe(false);
    expect(await imageOf('older')).toBe('nginx:2');
  });

  test('a release that changed after the approval is left alone; a lost worker is recognised', async () => {
    await bed.helm('install', 'race', 'web');
    newChart();
    const input = await bed.input(upgrade, { release: 'race' });
    const approved = await bed.preview(upgrade, input);
    const args = { input, approved, idempotencyKey: 'key-2' };
    expect(await bed.call(upgrade, 'landed', args)).toBe('no');
    await bed.helm('upgrade', 'race', 'web', '--set', 'tag=7');
    expect(await faultOf(bed.call(upgrade, 'execute', args))).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('revision: 1 when approved, 2 now'),
    });
    expect(await bed.call(upgrade, 'landed', args)).toBe('unclear');
  });

  test('a release that a lost run of helm left pending is explained, not touched', async () => {
    await bed.helm('install', 'stuck', 'web');
    await bed.helm('upgrade', 'stuck', 'web', '--set', 'tag=2');
    const input = await bed.input(upgrade, { release: 'stuck' });
    const approved = await bed.preview(upgrade, input);
    await bed.pend('stuck', 2);
    const args = { input, approved, idempotencyKey: 'key-3' };
    expect(await bed.call(upgrade, 'landed', args)).toBe('unclear');
    expect(await bed.resolve(upgrade, { release: 'stuck' })).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('roll it back to revision 1'),
    });
    expect(await bed.verify(upgrade, input, { approved, idempotencyKey: 'key-3' })).toMatchObject({
      state: 'unclear',
      evidence: expect.stringContaining('pending-upgrade'),
    });
  });

  test('an upgrade that fails half way is told, checked as failed and undone', async () => {
    await bed.helm('install', 'half', 'web');
    newChart();
    const input = await bed.input(upgrade, { release: 'half' });
    const approved = await bed.preview(upgrade, input);
    const undo = await bed.call(upgrade, 'capture', { input });
    const args = { input, approved, idempotencyKey: 'key-4' };
    bed.breakNext('PATCH', '/deployments/half?');
    const output = await bed.call(upgrade, 'execute', args);
    expect(output).toMatchObject({ revision: 2, status: 'failed', problem: expect.any(String) });
    expect(await bed.call(upgrade, 'landed', args)).toBe('unclear');
    expect(await bed.verify(upgrade, input, args)).toMatchObject({ state: 'failed' });
    await bed.call(upgrade, 'restore', { input, undo });
    expect(await bed.call(upgrade, 'verify-restored', { input, undo })).toMatchObject({ state: 'healthy' });
    expect(await imageOf('half')).toBe('nginx:1');
  });

  test('a failing rollout fails the check; undo after a later revision is refused', async () => {
    await bed.helm('install', 'sick', 'web');
    bed.edit('values.yaml', 'tag: "1"', 'tag: "bad"');
    const { input, context, undo } = await bed.carryOut(upgrade, { release: 'sick' }, 'key-5');
    expect(await bed.verify(upgrade, input, context)).toMatchObject({ state: 'failed' });
    await bed.helm('upgrade', 'sick', 'web', '--set', 'tag=3');
    expect(await faultOf(bed.call(upgrade, 'restore', { input, undo }))).toMatchObject({
      code: 'world-changed',
    });
  });

  test('asks and refuses in words', async () => {
    expect(await bed.resolve(upgrade, {})).toMatchObject({ question: { field: 'release' } });
    expect(await bed.resolve(upgrade, { release: 'nosuchthing' })).toMatchObject({ kind: 'impossible' });
    expect(await bed.resolve(upgrade, { release: 'shop', chart: 'bitnami/redis' })).toMatchObject({
      reason: expect.stringContaining('no way to the internet'),
    });
    expect(await bed.resolve(upgrade, { release: 'shop', version: '7.0.0' })).toMatchObject({
      reason: expect.stringContaining('not 7.0.0'),
    });
  });
});

describe.skipIf(missing !== undefined)('helm.rollback', () => {
  test('to the revision before, verified, recognised and undone twice', async () => {
    await bed.helm('install', 'back', 'web');
    await bed.helm('upgrade', 'back', 'web', '--set', 'tag=2', '--set', 'extra=true');
    const { input, approved, context, undo, output } = await bed.carryOut(
      rollback,
      { release: 'back' },
      'key-6',
    );
    expect(input).toMatchObject({ to: 1 });
    expect(approved.summary).toBe('changes Deployment back, removes ConfigMap back-extra');
    expect(output).toMatchObject({ revision: 3, status: 'deployed' });
    expect(await bed.verify(rollback, input, context)).toMatchObject({ state: 'healthy' });
    expect(await bed.call(rollback, 'landed', { input, ...context })).toBe('yes');
    expect(await imageOf('back')).toBe('nginx:1');
    await bed.call(rollback, 'restore', { input, undo });
    await bed.call(rollback, 'restore', { input, undo });
    expect(await bed.call(rollback, 'verify-restored', { input, undo })).toMatchObject({ state: 'healthy' });
    expect(await imageOf('back')).toBe('nginx:2');
  });

  test('unknown revisions, a changed world, and one that is at that revision', async () => {
    await bed.helm('install', 'step', 'web');
    expect(await bed.resolve(rollback, { release: 'step' })).toMatchObject({ kind: 'impossible' });
    await bed.helm('upgrade', 'step', 'web', '--set', 'tag=2');
    expect(await bed.resolve(rollback, { release: 'step', revision: 9 })).toMatchObject({
      question: { field: 'revision', options: [{ patch: { revision: 1 } }] },
    });
    expect(await bed.resolve(rollback, { release: 'step', revision: 2 })).toMatchObject({
      kind: 'impossible',
    });
    const input = await bed.input(rollback, { release: 'step' });
    const approved = await bed.preview(rollback, input);
    expect(await bed.preview(rollback, input)).toEqual(approved);
    const args = { input, approved, idempotencyKey: 'key-7' };
    expect(await bed.call(rollback, 'landed', args)).toBe('no');
    await bed.helm('upgrade', 'step', 'web', '--set', 'tag=3');
    expect(await faultOf(bed.call(rollback, 'execute', args))).toMatchObject({ code: 'world-changed' });
    expect(await bed.call(rollback, 'landed', args)).toBe('unclear');
  });

  test('brings an uninstalled release back; its undo uninstalls it again', async () => {
    await bed.helm('install', 'again', 'web');
    await bed.helm('uninstall', 'again', '--keep-history');
    const { input, undo, context } = await bed.carryOut(rollback, { release: 'again' }, 'key-9');
    expect(input.to).toBe(1);
    expect(await bed.verify(rollback, input, context)).toMatchObject({ state: 'healthy' });
    await bed.call(rollback, 'restore', { input, undo });
    await bed.call(rollback, 'restore', { input, undo });
    expect(await bed.call(rollback, 'verify-restored', { input, undo })).toMatchObject({ state: 'healthy' });
    expect(await imageOf('again')).toBeUndefined();
  });

  test('gets a release out of a lost run of helm', async () => {
    await bed.helm('install', 'lost', 'web');
    await bed.helm('upgrade', 'lost', 'web', '--set', 'tag=2');
    await bed.pend('lost', 2);
    const { input, context } = await bed.carryOut(rollback, { release: 'lost' }, 'key-8');
    expect(await bed.verify(rollback, input, context)).toMatchObject({ state: 'healthy' });
  });
});

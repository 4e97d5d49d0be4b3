import { expect, test } from 'vitest';
import { differences } from './differences.ts';
import type { PodTemplate } from './wire.ts';
import { mainContainer, restartedAtKey, templateHash, viewOf, type Workload } from './workload.ts';

const template: PodTemplate = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'x', image: 'a:1' }] },
};

test('the hash of a template does not see restarts nor the label of its replica set', () => {
  const annotations = { [restartedAtKey]: 'now' };
  const labels = { app: 'x', 'pod-template-hash': '123' };
  expect(templateHash({ ...template, metadata: { labels, annotations } })).toBe(templateHash(template));
});

test('the hash of a template sees everything else', () => {
  const spec = { containers: [{ name: 'x', image: 'a:1', env: [{ name: 'A', value: 'b' }] }] };
  expect(templateHash({ ...template, spec })).not.toBe(templateHash(template));
});

test('the view holds no status and no resource version', () => {
  const workload: Workload = {
    metadata: { name: 'x', resourceVersion: '7', generation: 3 },
    spec: { replicas: 2, selector: {}, template },
    status: { replicas: 1 },
  };
  expect(viewOf(workload)).toEqual({
    replicas: 2,
    images: { x: 'a:1' },
    paused: false,
    template: templateHash(template),
    restartedAt: null,
  });
});

test('the main container is the only one, or the one with the name of the workload', () => {
  const named = (...names: string[]): Workload => ({
    metadata: { name: 'shop' },
    spec: { selector: {}, template: { spec: { containers: names.map((name) => ({ name })) } } },
  });
  expect(mainContainer(named('anything'))).toBe('anything');
  expect(mainContainer(named('proxy', 'shop'))).toBe('shop');
  expect(mainContainer(named('proxy', 'web'))).toBeUndefined();
});

test('differences are told in words, field by field', () => {
  const approved = { uid: 'a', replicas: 3, images: { x: 'a:1', y: 'b:1' } };
  expect(differences(approved, { uid: 'b', replicas: 5, images: { x: 'a:2', y: 'b:1' } })).toEqual([
    'it was deleted and made anew',
    'replicas: 3 when approved, 5 now',
    'image of x: a:1 when approved, a:2 now',
  ]);
});

import { expect, test } from 'vitest';
import { findKind, kinds, listPath, objectPath } from './kinds.ts';

test.each([
  ['po', 'pods'],
  ['Deployment', 'deployments'],
  ['svc', 'services'],
  ['ingresses', 'ingresses'],
  ['ing', 'ingresses'],
  ['network policies', 'networkpolicies'],
  ['cron jobs', 'cronjobs'],
  ['endpoints', 'endpoints'],
  ['volume claims', 'persistentvolumeclaims'],
])('%s are %s', (word, plural) => {
  expect(findKind(word)?.plural).toBe(plural);
});

test('every word means one kind', () => {
  const words = kinds.flatMap(({ singular, plural, short }) => [...new Set([singular, plural, ...short])]);
  expect(new Set(words).size).toBe(words.length);
});

test('paths are those of the API, with names made safe', () => {
  const [deployment] = kinds;
  if (deployment === undefined) throw new Error('no kinds');
  expect(listPath(deployment)).toBe('/apis/apps/v1/deployments');
  expect(objectPath(deployment, 'a/b', 'shop')).toBe('/apis/apps/v1/namespaces/shop/deployments/a%2Fb');
  const node = findKind('node');
  expect(node && objectPath(node, 'n1', 'ignored')).toBe('/api/v1/nodes/n1');
});

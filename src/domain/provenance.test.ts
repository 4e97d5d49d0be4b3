import { expect, test } from 'vitest';
import { unsaidIn } from './provenance.ts';

const environments = [
  { name: 'production', tier: 'production', aliases: ['prod'], connections: [] },
] as const;

const unsaid = (words: string, request: Record<string, unknown>) =>
  unsaidIn(
    [{ key: 'a', operation: 'kubernetes.scale', request: request as never, needs: [] }],
    [words],
    environments,
  ).map(({ field, value }) => `${field} ${value}`);

test.each([
  ['scale checkout in prod', { name: 'checkout', environment: 'production' }],
  ['scale `checkout`, please!', { name: 'checkout' }],
  ['"Checkout" is slow.', { name: 'checkout' }],
  ['restart deploy/checkout', { name: 'checkout' }],
  ['run registry.demo/web:1.2 on web', { name: 'web', image: 'registry.demo/web:1.2' }],
  ['why is it slow?', { replicas: 3, kind: 'deployment' }],
])('%j says all of %j', (words, request) => {
  expect(unsaid(words, request)).toEqual([]);
});

test.each([
  ['scale checkout-api', { name: 'checkout' }, 'name checkout'],
  ['scale checkout', { name: 'checkout-api' }, 'name checkout-api'],
  ['scale checkout', { name: 'checkout', namespace: 'kube-system' }, 'namespace kube-system'],
  ['scale checkout in staging', { name: 'checkout', environment: 'production' }, 'environment production'],
  ['scale web', { name: { $from: 'list', at: '/0' } }, 'name what list finds'],
  ['scale web', { args: ['web', 'evil'] }, 'args evil'],
  ['run web:1', { image: 'web:12' }, 'image web:12'],
])('%j does not say all of %j', (words, request, missing) => {
  expect(unsaid(words, request)).toEqual([missing]);
});

import { expect, test } from 'vitest';
import { unsaidIn } from './provenance.ts';

const environments = [
  { name: 'production', tier: 'production', aliases: ['prod'], connections: [] },
] as const;

const unsaid = (words: string, request: Record<string, unknown>, operation = 'kubernetes.scale') =>
  unsaidIn(
    {
      steps: [{ key: 'a', operation, request: request as never, needs: [] }],
      runsCode: (id) => id === 'shell.run',
    },
    [words, 'and *** more'],
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
  ['why is checkout in staging slow', { image: 'pod/checkout' }, 'image pod/checkout'],
  ['why is checkout in staging slow', { image: 'checkout' }, 'image checkout'],
  ['scale web', { namespace: '(){}' }, 'namespace (){}'],
  ['what it finds', { name: { $from: 'it', at: '/0' } }, 'name what it finds'],
  ['scale web', { kind: 'deployment; rm' }, 'kind deployment; rm'],
  ['scale web', { labels: { evil: 'web' } }, 'labels key evil'],
  ['see https://status.acme.io/x', { url: 'https://status.acme.io' }, 'url https://status.acme.io'],
])('%j does not say all of %j', (words, request, missing) => {
  expect(unsaid(words, request)).toEqual([missing]);
});

test.each([
  ['why did the node reboot?', 'reboot'],
  ['did you cat config checkout reboot prod', 'cat `config` > checkout; reboot & prod'],
  ['do not run rm -rf data', 'rm -rf data'],
])('%j is no order to run %j', (words, command) => {
  expect(unsaid(words, { command }, 'shell.run')).toEqual([`command ${command}`]);
});

test('code in quotes is said', () => {
  expect(unsaid('please run `df -h /var`', { command: 'df -h /var' }, 'shell.run')).toEqual([]);
});

import { expect, test } from 'vitest';
import { findPlaces } from './places.ts';
import { tokenize } from './tokens.ts';

const find = (text: string) => {
  const { environment, namespace } = findPlaces(tokenize(text), (word) => word === 'garage');
  return { environment: environment?.value, namespace: namespace?.value };
};

test.each([
  ['in prod, scale web to 8', 'prod', undefined],
  ['pods on the uat cluster', 'uat', undefined],
  ['pods in the shop namespace on staging', 'staging', 'shop'],
  ['logs of x, ns cache', undefined, 'cache'],
  ['get pods -n dev', undefined, 'dev'],
  ['create namespace perf-test in staging', 'staging', undefined],
  ['delete the perf namespace', undefined, undefined],
  ['restart web in garage', 'garage', undefined],
  ['restart dev-portal', undefined, undefined],
  ['load test https://x.io', undefined, undefined],
  ['status in prod-eu', 'prod-eu', undefined],
  ['what came up in the core namespace recently', undefined, 'core'],
])('%s', (text, environment, namespace) => {
  expect(find(text)).toEqual({ environment, namespace });
});

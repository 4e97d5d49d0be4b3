import { expect, test } from 'vitest';
import { editDistance, nearNames } from './near-names.ts';

const names = ['checkout', 'cart', 'catalog', 'payments-api', 'worker', 'web'];

test.each([
  ['chekout', 'checkout'],
  ['check_out', 'checkout'],
  ['Checkout', 'checkout'],
  ['checkout-api', 'checkout'],
  ['payment-api', 'payments-api'],
  ['payments', 'payments-api'],
  ['wroker', 'worker'],
])('%s is near %s', (wanted, near) => {
  expect(nearNames(wanted, names)[0]).toBe(near);
});

test('what resembles nothing has no near names', () => {
  expect(nearNames('zookeeper', names)).toEqual([]);
  expect(nearNames('db', names)).toEqual([]);
});

test('a swap of neighbours is one slip', () => {
  expect(editDistance('wroker', 'worker')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('same', 'same')).toBe(0);
});

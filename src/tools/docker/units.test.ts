import { expect, test } from 'vitest';
import { inBytes } from './units.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [123_456_789, '123 MB'],
  [2_500_000_000_000_000, '2500 TB'],
])('%d is %s', (bytes, words) => {
  expect(inBytes(bytes)).toBe(words);
});

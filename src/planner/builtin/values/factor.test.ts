import { expect, test } from 'vitest';
import { readFactor } from './factor.ts';

test.each([
  ['50% more', 1.5],
  ['3x', 3],
  ['double', 2],
  ['halve', 0.5],
  ['20% less', 0.8],
  ['ten times', 10],
  ['twice the', 2],
  ['tenfold', 10],
])('%s is %d', (text, factor) => expect(readFactor(text)).toBe(factor));

test('a bare percentage follows the words around it', () => {
  expect(readFactor('30%', 'scale web down by 30%')).toBe(0.7);
  expect(readFactor('30%', 'scale web up by 30%')).toBe(1.3);
  expect(readFactor('nothing of the kind')).toBeUndefined();
});

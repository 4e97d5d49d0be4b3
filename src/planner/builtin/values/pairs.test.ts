import { expect, test } from 'vitest';
import { pairsIn } from './pairs.ts';

test.each([
  ['upgrade courier with image.tag=1.4.3 and replicas=4.', 'image.tag=1.4.3, replicas=4'],
  ['set hosts[0].name="a b", debug=true?', 'hosts[0].name="a b", debug=true'],
  ['upgrade courier in staging', undefined],
])('%s', (text, pairs) => {
  expect(pairsIn(text)).toBe(pairs);
});

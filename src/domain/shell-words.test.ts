import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteWords, splitWords } from './shell-words.ts';

test.each([
  ['sleep 10', ['sleep', '10']],
  [`sh -c 'echo "a b"; ls'`, ['sh', '-c', 'echo "a b"; ls']],
  ['a\\ b "c \\" d" \'\'', ['a b', 'c " d', '']],
  ['   ', []],
  ['ask $(id) `id` | ; && > x *', ['ask', '$(id)', '`id`', '|', ';', '&&', '>', 'x', '*']],
  ['echo "open', undefined],
])('%s', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

test('splits what was quoted into the same words', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitWords(quoteWords(words))).toEqual(words);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, clipLines } from './text.ts';

test('text is cut between characters, and says that it was', () => {
  expect(clip('abc', 3)).toBe('abc');
  expect(clip('abcd', 3)).toBe('ab…');
  expect(clip('👩‍👩‍👧‍👦 family', 5)).toBe('…');
  expect(clip(`a${'👍🏽'.repeat(10)}`, 6)).toBe('a👍🏽…');
});

test('no text is longer than asked for, and none has half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, most) => {
      const cut = clip(text, most);
      expect(cut.length).toBeLessThanOrEqual(most);
      expect(cut.isWellFormed()).toBe(true);
    }),
  );
});

test('lines are left out whole, but for a first one that is too long', () => {
  expect(clipLines(['ab', 'cd', 'ef'], 6)).toEqual({ lines: ['ab', 'cd'], left: 1 });
  expect(clipLines(['abcdef'], 4)).toEqual({ lines: ['abc…'], left: 0 });
  expect(clipLines([], 4)).toEqual({ lines: [], left: 0 });
});

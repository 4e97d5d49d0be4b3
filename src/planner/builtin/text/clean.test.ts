import { expect, test } from 'vitest';
import { cleanText } from './clean.ts';

test('takes off mentions, control and zero-width characters, and curly quotes', () => {
  expect(cleanText('@reign  scale\u200b checkout\u0000 to\n6')).toBe('scale checkout to 6');
  expect(cleanText('<@U0REIGN>: “approve” it')).toBe('"approve" it');
  expect(cleanText('\u202eunconventional\u202c')).toBe('unconventional');
});

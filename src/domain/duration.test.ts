import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['90s', 90],
  ['20 minutes', 1200],
  ['1h30m', 5400],
  ['1 hour and 30 min', 5400],
  ['the last 2 hours', 7200],
  ['past hour', 3600],
  ['15m ago', 900],
  ['yesterday', 172_800],
  ['1.5h', 5400],
])('reads %s', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', 'soon', '10', '10 parsecs', 'm'])('refuses "%s"', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { count, durationInWords, planStates, previewWords, stepStates, timeInWords } from './words.ts';

describe('durations', () => {
  it.each([
    [-500, '0 s'],
    [999, '0 s'],
    [4_200, '4 s'],
    [65_000, '1 min 05 s'],
    [3_600_000 * 3 + 60_000 * 20, '3 h 20 min'],
    [86_400_000 * 3, '3 days'],
  ])('%d ms is %s', (milliseconds, words) => {
    expect(durationInWords(milliseconds)).toBe(words);
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 22, 15, 0);
  it('leaves out what goes without saying', () => {
    expect(timeInWords(new Date(2026, 10, 22, 12, 3).toISOString(), now)).toBe('12:03');
    expect(timeInWords(new Date(2026, 10, 21, 12, 3).toISOString(), now)).toBe('21 Nov, 12:03');
    expect(timeInWords(new Date(2025, 10, 21, 12, 3).toISOString(), now)).toBe('21 Nov 2025, 12:03');
  });
});

describe('states', () => {
  it('have words of their own', () => {
    for (const table of [planStates, stepStates]) {
      const words = Object.values(table).map((state) => state.words);
      expect(new Set(words).size).toBe(words.length);
    }
  });
  it('shows a kind of preview that this page does not know as it is', () => {
    expect(previewWords('dry-run')).toContain('real system');
    expect(previewWords('simulated')).toBe('simulated');
  });
});

it('counts one and many', () => {
  expect([count(1, 'step'), count(0, 'step'), count(2, 'entry', 'entries')]).toEqual([
    '1 step',
    '0 steps',
    '2 entries',
  ]);
});

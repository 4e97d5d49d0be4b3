import { expect, it } from 'vitest';
import { pauseBefore } from './live.ts';

it('waits longer each time, up to 15 seconds, never in step with others', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 50].map((attempt) => pauseBefore(attempt, () => 0));
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect(pauseBefore(5, () => 1)).toBe(11_250);
});

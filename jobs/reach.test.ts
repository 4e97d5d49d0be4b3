import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLogger } from '../src/domain/ports/runtime.ts';
import { watchReach } from './reach.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('looks once a second, and tells when Postgres is lost and when it is back', async () => {
  const answers = { now: true };
  const reach = watchReach(async () => {
    if (!answers.now) throw new Error('no answer');
  }, silentLogger);
  const told: boolean[] = [];
  const forget = reach.onChange((holds) => told.push(holds));
  for (const now of [true, false, false, true, true]) {
    answers.now = now;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reach.holds()).toBe(now);
  }
  expect(told).toEqual([false, true]);
  forget();
  answers.now = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toHaveLength(2);
  await reach.stop();
});

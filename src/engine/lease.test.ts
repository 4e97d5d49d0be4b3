import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '../domain/plan.ts';
import type { WorkerEngine } from './engine.ts';
import { type Held, withLease } from './lease.ts';

const leaseSeconds = 20;
let stopping: AbortController;

beforeEach(() => {
  stopping = new AbortController();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Holds a lease until `finish` is called; `extend` stands for the store. */
function hold(extend: (version: number) => Promise<boolean>) {
  const engine = {
    store: { extendLease: (_id: string, version: number) => extend(version) },
    clock: { now: () => new Date() },
    limits: { leaseSeconds },
    stopping: stopping.signal,
    worker: 'w',
  } as unknown as WorkerEngine;
  const step = { id: 's', version: 1, leaseUntil: new Date(Date.now() + leaseSeconds * 1000) } as Step;
  let held: Held | undefined;
  let finish: () => void = () => {};
  const done = withLease(engine, step, async (given) => {
    held = given;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  return { held: held as unknown as Held, step, finish: () => finish(), done };
}

describe('withLease', () => {
  it('is given up at once by a worker that does not wait any longer', async () => {
    const { held, finish, done } = hold(async () => true);
    stopping.abort();
    expect([held.signal.aborted, held.holds()]).toEqual([true, false]);
    finish();
    await done;
  });

  it('holds for as long as it is extended', async () => {
    const { held, finish, done } = hold(async () => true);
    await vi.advanceTimersByTimeAsync(10 * leaseSeconds * 1000);
    expect([held.signal.aborted, held.holds()]).toEqual([false, true]);
    finish();
    await done;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is lost at its end when Postgres does not answer, and not a second later', async () => {
    const { held } = hold(() => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(leaseSeconds * 1000 - 300);
    expect(held.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    expect(held.signal.aborted).toBe(true);
  });

  it('does not hold for a process that slept through its end, before any timer has fired', () => {
    const { held } = hold(async () => true);
    vi.setSystemTime(Date.now() + leaseSeconds * 1000);
    expect([held.signal.aborted, held.holds()]).toEqual([false, false]);
  });

  it('survives a beat that met the version which the step has just left', async () => {
    let stored = 1;
    const { held, step } = hold(async (version) => version === stored);
    stored = 2;
    await vi.advanceTimersByTimeAsync((leaseSeconds * 1000) / 4);
    held.follow({ ...step, version: 2 });
    await vi.advanceTimersByTimeAsync(2 * leaseSeconds * 1000);
    expect(held.signal.aborted).toBe(false);
  });

  it('is lost when somebody else has the step', async () => {
    const { held } = hold(async () => false);
    await vi.advanceTimersByTimeAsync(leaseSeconds * 1000 - 300);
    expect(held.signal.aborted).toBe(true);
  });
});

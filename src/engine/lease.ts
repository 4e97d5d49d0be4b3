import type { Step } from '../domain/plan.ts';
import type { WorkerEngine } from './engine.ts';

export type Held = {
  /** Fires when the lease can no longer be held: what runs must stop at once. */
  signal: AbortSignal;
  /** Follows the step through its versions. */
  follow(step: Step): void;
};

/**
 * Keeps a step's lease alive while `work` runs. When Postgres cannot be reached until the lease is over, or somebody
 * else has taken the step, the signal fires: a worker that is cut off stops before others may settle its step.
 */
export async function withLease<T>(
  engine: WorkerEngine,
  step: Step,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let current = step;
  let until = step.leaseUntil?.getTime() ?? 0;
  const { leaseSeconds } = engine.limits;
  const beat = async () => {
    const next = new Date(engine.clock.now().getTime() + leaseSeconds * 1000);
    const { id, version } = current;
    const kept = await engine.store.extendLease(id, version, engine.worker, next).catch(() => undefined);
    // A version that moved while the beat was on its way is ours too: the next beat will tell.
    if (kept === false && current.version === version) controller.abort();
    if (kept) until = next.getTime();
  };
  const beats = setInterval(() => void beat(), (leaseSeconds * 1000) / 4);
  const watch = setInterval(() => {
    if (engine.clock.now().getTime() >= until) controller.abort();
  }, 200);
  try {
    return await work({
      signal: controller.signal,
      follow: (moved) => {
        current = moved;
      },
    });
  } finally {
    clearInterval(beats);
    clearInterval(watch);
  }
}

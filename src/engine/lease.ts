import type { Step } from '../domain/plan.ts';
import type { WorkerEngine } from './engine.ts';

export type Held = {
  /** Fires when the lease can no longer be held: what runs must stop at once. */
  signal: AbortSignal;
  /** Whether the lease holds at this very moment; false at once for a process that slept through its end. */
  holds(): boolean;
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
  const stop = () => controller.abort();
  engine.stopping.addEventListener('abort', stop, { once: true });
  if (engine.stopping.aborted) stop();
  let current = step;
  let until = step.leaseUntil?.getTime() ?? 0;
  let refused: number | undefined;
  const { leaseSeconds } = engine.limits;
  const beat = async () => {
    const next = new Date(engine.clock.now().getTime() + leaseSeconds * 1000);
    const { id, version } = current;
    const kept = await engine.store.extendLease(id, version, engine.worker, next).catch(() => undefined);
    // A version that moved while the beat was on its way is ours too, and we may not know it yet: the next beat will
    // tell. Nobody else takes the step before the lease is over, which is watched below.
    if (kept === false && refused === version) controller.abort();
    if (kept === false) refused = version;
    // Beats may come back in another order than they left.
    if (kept) until = Math.max(until, next.getTime());
  };
  const beats = setInterval(() => void beat(), (leaseSeconds * 1000) / 4);
  const holds = () => !controller.signal.aborted && engine.clock.now().getTime() < until;
  const watch = setInterval(() => {
    if (!holds()) controller.abort();
  }, 200);
  try {
    return await work({
      signal: controller.signal,
      holds,
      follow: (moved) => {
        current = moved;
      },
    });
  } finally {
    engine.stopping.removeEventListener('abort', stop);
    clearInterval(beats);
    clearInterval(watch);
  }
}

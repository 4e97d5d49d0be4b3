import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, FaultError, toFault } from '../domain/fault.ts';
import type { WorkerEngine } from './engine.ts';

const patienceMs = 60_000;
const longestWaitMs = 10_000;

/**
 * What `work` gives, or the fault that people are told. Reign's own trouble (its database went away) is no answer to
 * them: the work, which must be safe to repeat, is tried again for a minute first. Throws where this worker stops, so
 * that another one takes it.
 */
export async function tryPatiently<T>(
  { stopping }: Pick<WorkerEngine, 'stopping'>,
  work: () => Promise<T>,
): Promise<T | Fault> {
  const end = Date.now() + patienceMs;
  for (let wait = 500; ; wait = Math.min(2 * wait, longestWaitMs)) {
    try {
      return await work();
    } catch (error) {
      if (stopping.aborted) throw error;
      if (error instanceof FaultError || Date.now() + wait > end) return toFault(error);
    }
    await delay(wait);
  }
}

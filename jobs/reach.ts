import { toFault } from '../src/domain/fault.ts';
import type { Logger } from '../src/domain/ports/runtime.ts';
import { every, type Timer } from './timers.ts';

/** Whether this process reaches Postgres at present; what cannot look its jobs up must leave them to others. */
export type Reach = {
  holds(): boolean;
  /** Calls `listener` whenever it is lost or back. @returns what ends that. */
  onChange(listener: (holds: boolean) => void): () => void;
};

/** For those who are sure of it. */
export const alwaysInReach: Reach = { holds: () => true, onChange: () => () => {} };

const everyMs = 1_000;

/** Looks once a second whether `ping` succeeds, which has to fail within seconds where nothing answers. */
export function watchReach(ping: () => Promise<unknown>, logger: Logger): Reach & Timer {
  const listeners = new Set<(holds: boolean) => void>();
  let reached = true;
  const tell = (holds: boolean) => {
    if (holds === reached) return;
    reached = holds;
    for (const listener of listeners) listener(holds);
  };
  const look = async () => {
    try {
      await ping();
      if (!reached) logger.info({}, 'Postgres answers again; jobs are taken');
      tell(true);
    } catch (error) {
      if (reached)
        logger.warn({ error: toFault(error).message }, 'Postgres does not answer; no jobs are taken');
      tell(false);
    }
  };
  const timer = every(everyMs, logger, 'Postgres could not be looked for', look);
  return {
    holds: () => reached,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: timer.stop,
  };
}

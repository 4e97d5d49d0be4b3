import type { CallOptions } from '../domain/ports/sandbox.ts';
import type { Child } from './child.ts';

/** Why a call was told to stop. */
export type Stopped = 'deadline' | 'cancelled';

export type CallTime = {
  stopped(): Stopped | undefined;
  /** Whether everything was killed. */
  isUp(): boolean;
  /** Called once when everything was killed, at once if that has happened. */
  onTimeUp(listener: () => void): void;
  clear(): void;
};

/** The longest wait that a timer of Node takes. */
const longestWait = 2 ** 31 - 1;

/**
 * Watches the time of one call. The stop signal goes to the step's process group `graceSeconds` before the deadline,
 * or at once when the caller gives up; everything is killed at the end of the grace and never after the deadline.
 * Where less time than two graces is left, half of it is the grace.
 */
export function watchTime(child: Child, options: CallOptions): CallTime {
  const { deadline, signal, stop } = options;
  const left = (): number => Math.max(0, deadline.getTime() - Date.now());
  const grace = Math.min(stop.graceSeconds * 1000, left() / 2);
  const signalGrace = Math.min(grace, (options.signalGraceSeconds ?? Number.POSITIVE_INFINITY) * 1000);
  let stopped: Stopped | undefined;
  let up = false;
  let listener: (() => void) | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    if (up) return;
    up = true;
    void child.end();
    listener?.();
  };
  const stopNow = (why: Stopped): void => {
    if (stopped !== undefined) return;
    stopped = why;
    child.started.signal(stop.signal);
    const longest = why === 'cancelled' ? signalGrace : grace;
    killTimer = setTimeout(kill, Math.min(longest, left()));
  };
  const stopTimer = setTimeout(() => stopNow('deadline'), Math.min(left() - grace, longestWait));
  const onAbort = (): void => stopNow('cancelled');
  if (signal?.aborted) {
    stopped = 'cancelled';
    kill();
  } else signal?.addEventListener('abort', onAbort, { once: true });
  if (left() === 0) {
    stopped ??= 'deadline';
    kill();
  }
  return {
    stopped: () => stopped,
    isUp: () => up,
    onTimeUp(next) {
      listener = next;
      if (up) next();
    },
    clear() {
      clearTimeout(stopTimer);
      clearTimeout(killTimer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

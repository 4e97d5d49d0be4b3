/** Runs work by key, soon or after a time. Idle when there is nothing to do: one timer, only while something waits. */
export interface Loop {
  /** Handles the key soon; many calls before that are one. */
  enqueue(key: string): void;
  /** Handles the key after a time; the earliest wish counts. */
  wake(key: string, afterMs: number): void;
  stop(): void;
}

const batchSize = 200;

export function makeLoop(
  handle: (key: string) => void,
  onError: (key: string, error: unknown) => void,
): Loop {
  const queue = new Set<string>();
  const wakes = new Map<string, number>();
  let immediate: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let isStopped = false;

  function drain(): void {
    immediate = undefined;
    let left = batchSize;
    for (const key of queue) {
      if (left === 0) break;
      left -= 1;
      queue.delete(key);
      try {
        handle(key);
      } catch (error) {
        onError(key, error);
      }
    }
    if (queue.size > 0) schedule();
  }

  function schedule(): void {
    if (!isStopped) immediate ??= setImmediate(drain);
  }

  function ring(): void {
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    const now = Date.now();
    for (const [key, at] of wakes) {
      if (at > now) continue;
      wakes.delete(key);
      queue.add(key);
    }
    if (queue.size > 0) schedule();
    rearm();
  }

  function rearm(): void {
    if (isStopped || wakes.size === 0) return;
    const next = Math.min(...wakes.values());
    if (timer !== undefined && timerAt <= next) return;
    clearTimeout(timer);
    timerAt = next;
    timer = setTimeout(ring, Math.max(1, next - Date.now()));
  }

  return {
    enqueue(key) {
      queue.add(key);
      schedule();
    },
    wake(key, afterMs) {
      const at = Date.now() + afterMs;
      if (at >= (wakes.get(key) ?? Number.POSITIVE_INFINITY)) return;
      wakes.set(key, at);
      rearm();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}

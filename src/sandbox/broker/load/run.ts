import autocannon from 'autocannon';
import { FaultError } from '../../../domain/fault.ts';
import type { LoadTest } from '../../../domain/load-test.ts';

export type LoadResult = {
  requests: number;
  perSecond: number;
  /** Answers other than 2xx. */
  refused: number;
  /** Requests without an answer, those too late among them. */
  failed: number;
  /** Milliseconds. */
  latency: { p50: number; p90: number; p99: number; max: number };
  bytesPerSecond: number;
};

type Options = { signal: AbortSignal; onSecond: (second: number) => void };

/** Sends the requests to the pinned address from a thread of its own, so that nothing here waits for it. */
export async function runLoad(test: LoadTest, address: string, options: Options): Promise<LoadResult> {
  const { signal, onSecond } = options;
  const url = new URL(test.url);
  const pinned = new URL(test.url);
  pinned.hostname = address.includes(':') ? `[${address}]` : address;
  let second = 0;
  const timer = setInterval(() => onSecond(Math.min(++second, test.seconds)), 1000);
  try {
    const result = await new Promise<autocannon.Result>((resolve, reject) => {
      const instance = autocannon(
        {
          url: pinned.href,
          connections: test.connections,
          duration: test.seconds,
          timeout: 10,
          workers: 1,
          headers: { host: url.host, 'user-agent': 'reign-load-test' },
          ...(url.protocol === 'https:' ? { servername: url.hostname } : {}),
        },
        (error: unknown, result) => (error ? reject(error) : resolve(result)),
      );
      const stop = (): void => {
        (instance as unknown as { stop?: () => void }).stop?.();
        reject(new FaultError('cancelled', 'The load test was stopped.'));
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
    });
    return shape(result);
  } finally {
    clearInterval(timer);
  }
}

function shape({ requests, non2xx, errors, latency, throughput }: autocannon.Result): LoadResult {
  return {
    requests: requests.total,
    perSecond: Math.round(requests.average),
    refused: non2xx,
    failed: errors,
    latency: { p50: latency.p50, p90: latency.p90, p99: latency.p99, max: latency.max },
    bytesPerSecond: Math.round(throughput.average),
  };
}

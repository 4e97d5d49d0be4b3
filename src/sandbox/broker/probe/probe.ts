import type { Lookup } from './hop.ts';
import { type Hop, type HopTimes, type ProbeError, type TlsView, visit } from './hop.ts';

const mostRedirects = 5;

export type ProbeResult = {
  /** The last address that was visited. */
  url: string;
  /** Status of the last hop; null when it gave none. */
  status: number | null;
  /** Milliseconds of the last hop; `total` covers all hops. A phase that did not happen is null. */
  latencyMs: HopTimes;
  hops: Hop[];
  tls: TlsView | null;
  error?: ProbeError;
};

export type ProbeOptions = { allowed: readonly string[]; signal: AbortSignal; lookup?: Lookup };

/** Visits an http or https address as monitoring does and follows at most five redirects, each checked anew. */
export async function probe(
  question: { url: string; timeoutMs: number },
  options: ProbeOptions,
): Promise<ProbeResult> {
  const start = performance.now();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(question.timeoutMs)]);
  const hops: Hop[] = [];
  let url = question.url;
  for (;;) {
    const visited = await visit(url, { ...options, signal });
    const { hop, tls, error, redirect } = visited;
    hops.push(hop);
    const tooMany = redirect !== undefined && hops.length > mostRedirects;
    if (redirect !== undefined && !tooMany) {
      url = redirect;
      continue;
    }
    const problem = tooMany
      ? { code: 'too-many-redirects', message: `It redirects more than ${mostRedirects} times.` }
      : error;
    return {
      url: hop.url,
      status: hop.status,
      latencyMs: { ...visited.times, total: Math.round((performance.now() - start) * 10) / 10 },
      hops,
      tls,
      ...(problem === undefined ? {} : { error: problem }),
    };
  }
}

import type { Passed } from './proxy.ts';

const refusal = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  reason: 'TooManyRequests',
  code: 429,
};

/** Answers the dry run and the first `times` evictions of each pod as an API server does for a disruption budget. */
export function evict(refused: Map<string, number>, times: number) {
  return ({ method, path }: Passed): { status: number; body: object } | undefined => {
    if (method !== 'POST' || !path.includes('/eviction')) return undefined;
    if (path.includes('dryRun=All')) return { status: 429, body: refusal };
    const before = refused.get(path) ?? 0;
    refused.set(path, before + 1);
    return before < times ? { status: 429, body: refusal } : undefined;
  };
}

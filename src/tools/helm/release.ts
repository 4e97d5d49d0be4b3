import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { Assessment } from '../../domain/risk.ts';

/** What helm takes as a release's name; also what stands in a path without changing it. */
export const releaseName = z
  .string()
  .max(53)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
export const namespaceName = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

/** Where a release is, in full; part of the input of every operation on one. */
export const releaseInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  clusterUid: z.string(),
  namespace: namespaceName,
  release: releaseName,
});
export type ReleaseInput = z.infer<typeof releaseInput>;

/** "release shop/web in staging". */
export function wordsOf({ namespace, release, environment }: ReleaseInput): string {
  return `release ${namespace}/${release} in ${environment}`;
}

export function releaseTarget({ clusterUid, namespace, release }: ReleaseInput): string {
  return `k8s:${clusterUid}/${namespace}/release/${release}`;
}

/** What typed input says about a read of a release. */
export function assessReading(input: ReleaseInput): Assessment {
  const { environment, namespace } = input;
  const place = `${environment}/${namespace}`;
  return { effect: 'read', targets: [releaseTarget(input)], environment, place, objects: 0, reasons: [] };
}

/** Marks a revision with the step that made it. */
export function markOf(idempotencyKey: string): string {
  return `reign ${idempotencyKey}`;
}

/** @throws FaultError `world-changed` that names what differs */
export function refuseChanged(
  words: string,
  approved: Json | undefined,
  now: { [field: string]: Json },
): void {
  const before = (approved ?? {}) as { [field: string]: Json };
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = fields.filter((field) => before[field] !== now[field]);
  if (changed.length === 0) return;
  const said = [...new Set(changed.map((field) => difference(field, before[field], now[field])))].join('; ');
  const advice = 'Nothing was written; ask again to see the present state.';
  throw new FaultError('world-changed', `The ${words} is not as it was: ${said}. ${advice}`);
}

const known: { [field: string]: string } = {
  deployedAt: 'it was deployed anew',
  live: 'what it deploys was changed',
  chart: 'the files of the chart were changed',
  renders: 'its objects would be others now',
  values: 'its values were changed',
  to: 'the revision to go back to was changed',
};

function difference(field: string, before: Json | undefined, now: Json | undefined): string {
  return known[field] ?? `${field}: ${before ?? 'none'} when approved, ${now ?? 'none'} now`;
}

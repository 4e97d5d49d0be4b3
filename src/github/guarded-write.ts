import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import { canonicalJson } from '../domain/json.ts';
import type { ExecuteContext, Preview } from '../domain/operation.ts';
import type { RiskRaise } from '../domain/risk.ts';

type Fields = { [field: string]: Json };

/** The members that every change on GitHub shares. */
export const writeParts = {
  // GitHub keeps no key of a request: a lost worker's write is looked for before it is repeated.
  repeat: 'verify-first' as const,
  previews: 'computed' as const,
  connections: ['github'] as const,
  stop: { signal: 'SIGTERM' as const, graceSeconds: 5 },
  limits: { seconds: 60, memoryMb: 256 },
};

/** A preview computed from what GitHub shows: it has no dry run. */
export function computedPreview(
  repositoryId: number,
  seen: { before: Json; after: Json; fingerprint: Fields; summary: string },
  words: { warnings?: readonly string[]; raises?: readonly RiskRaise[] } = {},
): Preview {
  const { warnings = [], raises = [] } = words;
  const server = `github repository ${repositoryId}`;
  return { kind: 'computed', ...seen, warnings, raises, server };
}

/** The approved preview; without one nothing is written. */
export function approvedOf({ approved }: ExecuteContext): Preview {
  if (approved !== undefined) return approved;
  throw new FaultError('refused', 'A change without an approved preview is not made.');
}

/** @throws FaultError `world-changed` that names each difference in words. */
export function refuseChanged(words: string, approved: Json, now: Json): void {
  if (canonicalJson(approved) === canonicalJson(now)) return;
  const changes = differences(approved as Fields, now as Fields).join('; ');
  throw new FaultError(
    'world-changed',
    `${words} is not as it was: ${changes}. Nothing was done; ask again to see the present state.`,
  );
}

function differences(before: Fields, after: Fields): string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => text(before[field]) !== text(after[field]))
    .map((field) => `${field}: ${text(before[field])} when approved, ${text(after[field])} now`);
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Which step wrote this: a comment that GitHub does not show, by which a lost worker's write is recognised. */
export function markOf(idempotencyKey: string): string {
  return `<!-- reign:${idempotencyKey} -->`;
}

export function hasMark(body: string | null | undefined, idempotencyKey: string): boolean {
  return body?.includes(markOf(idempotencyKey)) ?? false;
}

/** Whether any step of Reign wrote this. */
export function isMarked(body: string | null | undefined): boolean {
  return /<!-- reign:\S+ -->/.test(body ?? '');
}

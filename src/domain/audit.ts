import { canonicalJson, type Json, sha256 } from './json.ts';

/** Where an event belongs: a plan's own chain, or one of the chains for everything else. */
export type AuditChain = `plan:${string}` | 'messages' | 'freezes' | 'access' | 'retention';

/** One thing that happened, before it has its place in a chain. */
export type AuditEvent = {
  chain: AuditChain;
  type: string;
  actor: string;
  /** ISO 8601, UTC, milliseconds. */
  at: string;
  payload: Json;
};

/** A row of a chain. The payload is kept elsewhere and may be erased; the chain keeps its hash. */
export type AuditRow = Omit<AuditEvent, 'payload'> & {
  seq: number;
  payloadHash: string;
  previous: string;
  hash: string;
};

export const chainStart = '0'.repeat(64);

export function payloadHash(payload: Json): string {
  return sha256(canonicalJson(payload));
}

/**
 * The hash of a row: SHA-256 over its fields joined by line feeds, `previous` first.
 * The same formula stands in `migrations/`, which computes it in the database; a test holds the two together.
 */
export function rowHash(row: Omit<AuditRow, 'hash'>): string {
  return sha256([row.previous, row.chain, row.seq, row.at, row.type, row.actor, row.payloadHash].join('\n'));
}

/** A signed statement of where changed chains stood, itself chained to the one before. */
export type AuditCheckpoint = {
  id: number;
  at: string;
  previous: string;
  heads: readonly { chain: string; seq: number; hash: string }[];
  hash: string;
  signature: string;
};

export function checkpointHash(checkpoint: Omit<AuditCheckpoint, 'hash' | 'signature'>): string {
  const { id, at, previous, heads } = checkpoint;
  return sha256(canonicalJson({ id, at, previous, heads }));
}

import { canonicalJson, sha256 } from '../domain/json.ts';

/**
 * The version of an operation that comes with code or a server of its own: another number for other code. Plans are
 * bound to it, so what was approved with other code is refused by every process.
 */
export function versionOf(made: unknown): number {
  // What the database's integers hold.
  return Math.max(1, Number.parseInt(sha256(canonicalJson(made)).slice(0, 8), 16) >>> 1);
}

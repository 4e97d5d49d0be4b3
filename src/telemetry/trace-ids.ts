import { sha256 } from '../domain/json.ts';

/** The id of the trace that belongs to a message (or to a plan that no message asked for): 16 bytes in hexadecimal. */
export function traceIdOf(trace: string): string {
  return sha256(`trace:${trace}`).slice(0, 32);
}

/** The id of a span that others link to: 8 bytes in hexadecimal. */
export function spanIdOf(trace: string, id: string): string {
  return sha256(`span:${trace}:${id}`).slice(0, 16);
}

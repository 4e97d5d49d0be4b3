import type { RequestPath } from './request-path.ts';

/** A request from inside, read as far as it takes to judge it. */
export type JudgedRequest = {
  method: string;
  path: RequestPath;
  contentType: string | undefined;
  body: Buffer | undefined;
  /** The body is too large to be read: it is judged without, and passed on as it arrives. */
  streamed?: true;
};

/**
 * - `read`: passes with any grant; with `body`, that body is sent instead (also below).
 * - `write`: passes only where a rule of the grant names it.
 * - `refuse`: never passes.
 */
export type Judgement =
  | { verdict: 'read'; body?: Buffer }
  | { verdict: 'write'; why: string; body?: Buffer }
  | { verdict: 'refuse'; why: string };

export const read: Judgement = { verdict: 'read' };

export function needsRule(why: string): Judgement {
  return { verdict: 'write', why };
}

export function refuse(why: string): Judgement {
  return { verdict: 'refuse', why };
}

/** When it makes sense to try the same thing again. */
export type Retry = 'never' | 'later' | 'after-fix';

/**
 * Every way a piece of work can fail, with what a person may do about it.
 * The table is mapped exhaustively (HTTP status, exit code), so a new code is a compile error until handled.
 */
export const faultTable = {
  'bad-request': { retry: 'after-fix', status: 400 },
  'not-signed-in': { retry: 'after-fix', status: 401 },
  'not-allowed': { retry: 'after-fix', status: 403 },
  'not-found': { retry: 'after-fix', status: 404 },
  ambiguous: { retry: 'after-fix', status: 409 },
  conflict: { retry: 'after-fix', status: 409 },
  stale: { retry: 'after-fix', status: 409 },
  'world-changed': { retry: 'after-fix', status: 409 },
  expired: { retry: 'after-fix', status: 410 },
  'too-large': { retry: 'after-fix', status: 413 },
  frozen: { retry: 'later', status: 423 },
  locked: { retry: 'later', status: 423 },
  unsupported: { retry: 'never', status: 501 },
  unhealthy: { retry: 'after-fix', status: 502 },
  unreachable: { retry: 'later', status: 503 },
  timeout: { retry: 'later', status: 504 },
  cancelled: { retry: 'never', status: 409 },
  refused: { retry: 'never', status: 403 },
  internal: { retry: 'later', status: 500 },
} as const satisfies Record<string, { retry: Retry; status: number }>;

export type FaultCode = keyof typeof faultTable;

export function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(faultTable, text);
}

/** A failure as data: `message` is written for people and says what to do. */
export type Fault = { code: FaultCode; message: string; retry: Retry };

export function fault(code: FaultCode, message: string): Fault {
  return { code, message, retry: faultTable[code].retry };
}

/** Carries a {@link Fault} through code that throws. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FaultError';
    this.fault = fault(code, message);
  }
}

/** Turns anything thrown into a fault; what is unknown is `internal`. */
export function toFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (error instanceof Error && error.name === 'AbortError')
    return fault('cancelled', 'The work was stopped.');
  return fault('internal', error instanceof Error ? error.message : String(error));
}

import { FaultError } from '../domain/fault.ts';

/** Connection exceptions, shutdown, crash and start of the server; and what Node and pg say of a dead connection. */
const lost = /^(08...|25P03|57P0[123]|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;
const lostInWords =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has)/;

/** FaultError `unreachable` for an error that says that the server is away; every other error as it is. */
export function explainLoss(error: unknown): unknown {
  // The query builder wraps what the driver says.
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const code = (inner as NodeJS.ErrnoException).code ?? '';
    if (!lost.test(code) && !lostInWords.test(inner.message)) continue;
    const message = `Postgres cannot be reached: ${inner.message}. It is tried again.`;
    return new FaultError('unreachable', message, { cause: error });
  }
  return error;
}

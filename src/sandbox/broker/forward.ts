import type { ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError, fault } from '../../domain/fault.ts';
import type { ServerAccess } from '../../domain/ports/credentials.ts';
import { answerFault } from './answers.ts';
import { type PlainHeaders, responseHeaders } from './headers.ts';
import type { Upstreams } from './upstreams.ts';

/** All that the steps of one session may be sent, and send through tunnels, in bytes. */
const largestSessionBytes = 1024 * 1024 * 1024;

export type Outgoing = {
  connection: string;
  access: ServerAccess;
  method: string;
  target: string;
  headers: PlainHeaders;
  body: Buffer | Readable | undefined;
  signal: AbortSignal;
};

/** Calls `giveUp` when a server has had long enough to begin its answer, unless what it returns is called before. */
export type WaitForAnswer = (giveUp: () => void) => () => void;

const answerMilliseconds = 120_000;

/** Two minutes: an engine that stops a container answers late. */
export const waitForAnswer: WaitForAnswer = (giveUp) => {
  const timer = setTimeout(giveUp, answerMilliseconds);
  return () => clearTimeout(timer);
};

/** Counts what one session has received, and sent through tunnels. */
export type Meter = { bytes: number };

/**
 * Sends a request to its server and streams the answer back. Redirects are not followed. A server that cannot be
 * reached is answered with 502 and the fault `unreachable`, one that does not begin to answer with 504 and `timeout`.
 * @returns whether the server did, or may have done, what was asked: also where its answer was lost.
 */
export async function forward(
  upstreams: Upstreams,
  outgoing: Outgoing,
  response: ServerResponse,
  meter: Meter,
  wait: WaitForAnswer = waitForAnswer,
): Promise<boolean> {
  const { method, target, body } = outgoing;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const late = new AbortController();
  const begun = wait(() => late.abort());
  const signal = AbortSignal.any([outgoing.signal, gone.signal, late.signal]);
  let arrived = false;
  try {
    const { pool, prefix, host } = upstreams.of(outgoing.access);
    const ask = () =>
      pool.request({
        method,
        path: prefix + target || '/',
        headers: { ...outgoing.headers, host },
        body: body ?? null,
        signal,
      });
    const answer = await ask().catch((error: unknown) => {
      if (mayAskAgain(outgoing, error)) return ask();
      throw error;
    });
    begun();
    arrived = answer.statusCode < 400 || answer.statusCode === gatewayTimeout;
    response.writeHead(answer.statusCode, responseHeaders(answer.headers));
    await pipeline(answer.body, measured(meter), response, { signal });
  } catch (error) {
    arrived ||= signal.aborted || isLost(error);
    if (response.headersSent) response.destroy();
    else answerFault(response, failure(outgoing.connection, error, signal, late.signal));
  } finally {
    begun();
  }
  return arrived;
}

const gatewayTimeout = 504;

/**
 * A connection that was kept open may have been closed by its server in the meantime, which shows only when it is used.
 * A look is then asked for once more; a write may have arrived, so the engine looks at the world before it repeats one.
 */
function mayAskAgain({ method, body }: Outgoing, error: unknown): boolean {
  const isLook = method === 'GET' || method === 'HEAD';
  return isLook && !(body instanceof Readable) && isLost(error);
}

/** Whether a connection broke that had been there: what was sent through it may have arrived. */
function isLost(error: unknown): boolean {
  return lostConnection.has((error as NodeJS.ErrnoException).code ?? '');
}

const lostConnection: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Counts what passes, and breaks off where a session has moved too much. */
export function measured(meter: Meter): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      meter.bytes += chunk.length;
      if (meter.bytes > largestSessionBytes) done(new Error('The session has moved too much.'));
      else done(null, chunk);
    },
  });
}

function failure(connection: string, error: unknown, signal: AbortSignal, late: AbortSignal) {
  if (error instanceof FaultError) return error.fault;
  if (late.aborted)
    return fault('timeout', `${connection} did not answer in time. Check the server and \`reign doctor\`.`);
  if (signal.aborted) return fault('cancelled', 'The call has ended.');
  const why =
    error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
  return fault(
    'unreachable',
    `${connection} cannot be reached: ${why}. Check the server and \`reign doctor\`.`,
  );
}

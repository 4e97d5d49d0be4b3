import type { ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FaultError, fault } from '../../domain/fault.ts';
import type { ServerAccess } from '../../domain/ports/credentials.ts';
import { answerFault } from './answers.ts';
import { type PlainHeaders, responseHeaders } from './headers.ts';
import type { Upstreams } from './upstreams.ts';

/** All that the steps of one session may be sent, in bytes. */
export const largestSessionBytes = 1024 * 1024 * 1024;

export type Outgoing = {
  connection: string;
  access: ServerAccess;
  method: string;
  target: string;
  headers: PlainHeaders;
  body: Buffer | Readable | undefined;
  signal: AbortSignal;
};

/** Counts what one session has received. */
export type Meter = { bytes: number };

/**
 * Sends a request to its server and streams the answer back. Redirects are not followed. A server that cannot be
 * reached is answered with 502 and the fault `unreachable`.
 */
export async function forward(
  upstreams: Upstreams,
  outgoing: Outgoing,
  response: ServerResponse,
  meter: Meter,
): Promise<void> {
  const { method, target, body } = outgoing;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([outgoing.signal, gone.signal]);
  try {
    const { pool, prefix, host } = upstreams.of(outgoing.access);
    const answer = await pool.request({
      method,
      path: prefix + target || '/',
      headers: { ...outgoing.headers, host },
      body: body ?? null,
      signal,
    });
    response.writeHead(answer.statusCode, responseHeaders(answer.headers));
    await pipeline(answer.body, measured(meter), response, { signal });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else answerFault(response, failure(outgoing.connection, error, signal));
  }
}

function measured(meter: Meter): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      meter.bytes += chunk.length;
      if (meter.bytes > largestSessionBytes) done(new Error('The session has received too much.'));
      else done(null, chunk);
    },
  });
}

function failure(connection: string, error: unknown, signal: AbortSignal) {
  if (error instanceof FaultError) return error.fault;
  if (signal.aborted) return fault('cancelled', 'The call has ended.');
  const why =
    error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
  return fault(
    'unreachable',
    `${connection} cannot be reached: ${why}. Check the server and \`reign doctor\`.`,
  );
}

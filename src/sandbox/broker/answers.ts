import type { ServerResponse } from 'node:http';
import { type Fault, type FaultCode, faultTable } from '../../domain/fault.ts';

/**
 * Answers a request with a fault as JSON: `{ message, fault }`, and the header `x-reign-fault` with its code, so that
 * a client can tell the broker's word from the server's.
 */
export function answerFault(response: ServerResponse, fault: Fault, status = statusOf(fault.code)): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({ message: fault.message, fault });
  // Set by itself: what is only written cannot be read again, and the metrics ask for it.
  response.setHeader('x-reign-fault', fault.code);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** A server that cannot be reached is a bad gateway to the step. */
function statusOf(code: FaultCode): number {
  return code === 'unreachable' ? 502 : faultTable[code].status;
}

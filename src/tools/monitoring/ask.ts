import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type FaultCode, FaultError, faultTable } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';

export type Asked = { method: string; path: string; body?: string; milliseconds?: number };

/** `fault` is the code that the broker gives when it, not the server, refuses. */
export type Answer = { status: number; text: string; fault: string | undefined };

/**
 * One request over a connection of this step. Throws FaultError `unreachable` or `timeout`; answers of any status are
 * returned.
 */
export async function ask(reader: Reader, connectionId: string, asked: Asked): Promise<Answer> {
  const answer = await open(reader, connectionId, asked);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch (error) {
    throw reader.signal.aborted ? error : unreachable(connectionId, error as Error);
  }
  const fault = answer.headers['x-reign-fault'];
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: answer.statusCode ?? 0, text, fault: fault === undefined ? undefined : String(fault) };
}

/** The same, with the answer's body still to be read. */
export function open(
  reader: Reader,
  connectionId: string,
  { method, path, body, milliseconds = 15_000 }: Asked,
): Promise<IncomingMessage> {
  const { socketPath, baseUrl } = reader.connect(connectionId);
  const { host } = new URL(baseUrl);
  const sent =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const signal = AbortSignal.any([reader.signal, AbortSignal.timeout(milliseconds)]);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, method, path, headers: { host, ...sent }, signal }, resolve);
    request.on('error', (error) => reject(reader.signal.aborted ? error : unreachable(connectionId, error)));
    request.end(body);
  });
}

/** The JSON of an answer. Throws FaultError with what the server, or the broker, said. */
export async function askJson<Value>(reader: Reader, connectionId: string, asked: Asked): Promise<Value> {
  const answer = await ask(reader, connectionId, asked);
  const parsed = parse(answer.text);
  if (answer.status < 400 && parsed !== undefined) return parsed as Value;
  throw refusalOf(connectionId, answer);
}

/** The fault for an answer of 400 or above, or one that is no JSON. */
export function refusalOf(connectionId: string, { status, text, fault }: Answer): FaultError {
  const said = parse(text) as { message?: string; error?: string } | string | undefined;
  const words = typeof said === 'string' ? said : (said?.message ?? said?.error);
  if (fault !== undefined) {
    const known = Object.hasOwn(faultTable, fault) ? (fault as FaultCode) : 'refused';
    return new FaultError(known, words ?? `it answered ${status}`);
  }
  switch (status) {
    case 400:
    case 422:
      return new FaultError('bad-request', words ?? `${connectionId} answered ${status}`);
    case 401:
    case 403: {
      const why = `${connectionId} does not let Reign's credential do this (${status}${words === undefined ? '' : `: ${words}`})`;
      return new FaultError('not-allowed', `${why}. Give the connection one that may.`);
    }
    case 404:
      return new FaultError('not-found', words ?? `${connectionId} answered 404`);
    default: {
      const why = status < 400 ? 'sent no JSON: something else answers there' : `answered ${status}`;
      return new FaultError('unreachable', words ?? `${connectionId} ${why}. Check its address.`);
    }
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(connectionId: string, error: Error): FaultError {
  if (error.name === 'TimeoutError' || (error.cause as Error | undefined)?.name === 'TimeoutError')
    return new FaultError('timeout', `${connectionId} did not answer in time.`, { cause: error });
  return new FaultError('unreachable', `${connectionId} could not be asked: ${error.message}`, {
    cause: error,
  });
}

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';

export type Asked = { method: string; path: string; body?: string; milliseconds?: number };

/** One request over a connection of this step. Throws FaultError `unreachable`; answers of any status are returned. */
export async function ask(
  reader: Reader,
  connectionId: string,
  asked: Asked,
): Promise<{ status: number; text: string }> {
  const answer = await open(reader, connectionId, asked);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
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
    request.on('error', (error) => reject(reader.signal.aborted ? error : unreachable(error)));
    request.end(body);
  });
}

/** The JSON of an answer. Throws FaultError with what the server, or the broker, said. */
export async function askJson<Value>(reader: Reader, connectionId: string, asked: Asked): Promise<Value> {
  const { status, text } = await ask(reader, connectionId, asked);
  const parsed = parse(text);
  if (status < 400 && parsed !== undefined) return parsed as Value;
  const said = parsed as { message?: string; error?: string; fault?: { code?: string } } | string | undefined;
  const words = typeof said === 'string' ? said : (said?.message ?? said?.error ?? `it answered ${status}`);
  const code =
    status === 400 || status === 422 ? 'bad-request' : status === 404 ? 'not-found' : 'unreachable';
  throw new FaultError(status === 401 || status === 403 ? 'not-allowed' : code, words);
}

function parse(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(error: Error): FaultError {
  return new FaultError('unreachable', `It could not be asked: ${error.message}`, { cause: error });
}

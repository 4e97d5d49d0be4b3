import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { FaultError } from '../../domain/fault.ts';
import type { Connection } from '../../domain/ports/reader.ts';

export type WireRequest = { method: string; path: string; headers?: Record<string, string>; body?: string };
/** `fault` is the code that the broker gives when it, not the server, refuses. */
export type WireAnswer = { status: number; text: string; fault?: string };

const longestAnswer = 64 * 1024 * 1024;
const requestMilliseconds = 30_000;
const agents = new Map<string, Agent>();

/**
 * One request over the connection's unix socket, with the host of its base URL.
 * @throws FaultError `unreachable`, `timeout` or `too-large`; AbortError when the signal ends it.
 */
export async function send(
  connection: Connection,
  request: WireRequest,
  signal: AbortSignal,
): Promise<WireAnswer> {
  const limit = AbortSignal.timeout(requestMilliseconds);
  try {
    return await exchange(connection, request, AbortSignal.any([signal, limit]));
  } catch (error) {
    if (signal.aborted || error instanceof FaultError) throw error;
    const where = `${connection.environment} (${connection.id})`;
    if (limit.aborted) throw new FaultError('timeout', `The cluster of ${where} did not answer within 30 s.`);
    const why = error instanceof Error ? error.message : String(error);
    throw new FaultError('unreachable', `The cluster of ${where} can't be reached: ${why}`, { cause: error });
  }
}

function exchange(connection: Connection, { method, path, headers, body }: WireRequest, signal: AbortSignal) {
  const { host, pathname } = new URL(connection.baseUrl);
  const options = {
    socketPath: connection.socketPath,
    agent: agentOf(connection.socketPath),
    method,
    path: `${pathname.replace(/\/$/, '')}${path}`,
    headers: {
      host,
      ...headers,
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
    signal,
  };
  return new Promise<WireAnswer>((resolve, reject) => {
    const request = httpRequest(options, (response) => readAll(response).then(resolve, reject));
    request.on('error', reject);
    request.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<WireAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestAnswer) {
      throw new FaultError('too-large', 'The cluster sent more than 64 MB. Ask for less: name a namespace.');
    }
    chunks.push(chunk);
  }
  const fault = response.headers['x-reign-fault'];
  const answer = { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
  return typeof fault === 'string' ? { ...answer, fault } : answer;
}

function agentOf(socketPath: string): Agent {
  const known = agents.get(socketPath);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  agents.set(socketPath, agent);
  return agent;
}

import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { PromiseHttpLibrary, RequestContext, ResponseContext } from '@kubernetes/client-node';
import { FaultError } from '../../domain/fault.ts';
import type { Connection } from '../../domain/ports/reader.ts';
import type { Library } from './library.ts';

const longestAnswer = 64 * 1024 * 1024;
const requestMilliseconds = 30_000;
const agents = new Map<string, Agent>();

/**
 * How the official client sends: over the connection's unix socket, following no redirect. Its own way, fetch, bounds
 * neither the time nor the size of an answer. `send` throws FaultError `unreachable`, `timeout` or `too-large`, and
 * AbortError when the request's signal ends it.
 */
export function socketTransport(library: Library, connection: Connection): PromiseHttpLibrary {
  return { send: (context) => send(library, connection, context) };
}

async function send(
  library: Library,
  connection: Connection,
  context: RequestContext,
): Promise<ResponseContext> {
  const limit = AbortSignal.timeout(requestMilliseconds);
  const stop = context.getSignal();
  try {
    const signal = stop === undefined ? limit : AbortSignal.any([stop, limit]);
    const { response, body } = await exchange(connection.socketPath, context, signal);
    const decoding = new library.SelfDecodingBody(Promise.resolve(body));
    return new library.ResponseContext(response.statusCode ?? 0, headersOf(response), decoding);
  } catch (error) {
    if (stop?.aborted === true || error instanceof FaultError) throw error;
    const where = `${connection.environment} (${connection.id})`;
    if (limit.aborted) throw new FaultError('timeout', `The cluster of ${where} did not answer within 30 s.`);
    const why = error instanceof Error ? error.message : String(error);
    throw new FaultError('unreachable', `The cluster of ${where} can't be reached: ${why}`, { cause: error });
  }
}

function exchange(socketPath: string, context: RequestContext, signal: AbortSignal) {
  const { host, pathname, search } = new URL(context.getUrl());
  const body = context.getBody()?.toString();
  const options = {
    socketPath,
    agent: agentOf(socketPath),
    method: context.getHttpMethod(),
    path: `${pathname}${search}`,
    headers: {
      host,
      ...context.getHeaders(),
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    },
    signal,
  };
  return new Promise<{ response: IncomingMessage; body: Buffer }>((resolve, reject) => {
    const request = httpRequest(options, (response) =>
      readAll(response).then((body) => resolve({ response, body }), reject),
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestAnswer) {
      throw new FaultError('too-large', 'The cluster sent more than 64 MB. Ask for less: name a namespace.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function agentOf(socketPath: string): Agent {
  const known = agents.get(socketPath);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  agents.set(socketPath, agent);
  return agent;
}

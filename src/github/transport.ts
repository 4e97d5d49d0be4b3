import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { FaultError } from '../domain/fault.ts';
import type { Connection } from '../domain/ports/reader.ts';

const longestAnswer = 32 * 1024 * 1024;
const requestMilliseconds = 30_000;
const agents = new Map<string, Agent>();

type Asked = { method?: string; headers?: Record<string, string>; body?: string | null };

/**
 * A `fetch` that sends over a connection's unix socket and follows no redirect. Throws FaultError `unreachable` (also
 * where something else than GitHub's API answers), `timeout` or `too-large`, and AbortError when `stop` ends it.
 */
export function socketFetch(connection: Connection, stop: AbortSignal): typeof fetch {
  const send = async (address: string, asked: Asked = {}): Promise<Response> => {
    const limit = AbortSignal.timeout(requestMilliseconds);
    try {
      const answer = await exchange(connection, address, asked, AbortSignal.any([stop, limit]));
      refuseOthers(answer, connection);
      return answer;
    } catch (error) {
      if (stop.aborted || error instanceof FaultError) throw error;
      const where = `GitHub of ${connection.environment} (${connection.id})`;
      if (limit.aborted) throw new FaultError('timeout', `${where} did not answer within 30 s.`);
      const why = error instanceof Error ? error.message : String(error);
      throw new FaultError('unreachable', `${where} can't be reached: ${why}`, { cause: error });
    }
  };
  return send as typeof fetch;
}

/** GitHub answers in JSON or not at all; a page comes from a proxy, or from another server. */
function refuseOthers({ ok, body, headers }: Response, { environment, id }: Connection): void {
  if (!ok || body === null || headers.get('content-type')?.includes('json') === true) return;
  const why = `What answers as GitHub of ${environment} (${id}) is not GitHub's API: it sent no JSON`;
  throw new FaultError('unreachable', `${why}. Check its address and \`reign doctor\`.`);
}

function exchange(
  { socketPath }: Connection,
  address: string,
  { method = 'GET', headers = {}, body }: Asked,
  signal: AbortSignal,
): Promise<Response> {
  const { host, pathname, search } = new URL(address);
  // The client encodes slashes of branches and paths, which the broker takes for hidden separators.
  const path = `${pathname.replace(/%2f/gi, '/')}${search}`;
  const length = body == null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options = { socketPath, agent: agentOf(socketPath), method, path, signal };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ ...options, headers: { ...headers, ...length, host } }, (answer) => {
      readAll(answer).then((content) => resolve(responseOf(answer, content)), reject);
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

function responseOf({ statusCode = 502, headers }: IncomingMessage, content: Buffer): Response {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = content.length === 0 ? null : new Uint8Array(content);
  return new Response(body, { status: statusCode, headers: pairs });
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestAnswer) throw new FaultError('too-large', 'GitHub sent more than 32 MB. Ask for less.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function agentOf(socketPath: string): Agent {
  const known = agents.get(socketPath);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  agents.set(socketPath, agent);
  return agent;
}

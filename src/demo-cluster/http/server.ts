import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Cluster } from '../cluster.ts';
import { ApiFailure, methodNotAllowed, pathNotFound } from '../failure.ts';
import { discovery } from './discovery.ts';
import { answerResource, verbOf } from './dispatch.ts';
import { metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { protobufToJson } from './protobuf.ts';
import { type Answer, json, parsePlace, parseTarget, readBody, type WholeAnswer } from './request.ts';
import { review } from './review.ts';
import { authenticate, authorize, authorizePath, type User } from './user.ts';

/** The HTTP face of a cluster. A write is answered only once it is stored. */
export function makeServer(cluster: Cluster): Server {
  const server = createServer((request, response) => {
    void serve(cluster, request, response);
  });
  // Longer than clients keep idle connections: they close first, and no request meets a closing one.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function serve(cluster: Cluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('audit-id', randomUUID());
  response.setHeader('cache-control', 'no-cache, private');
  try {
    const answer = await answerRequest(cluster, request);
    await cluster.store.stored();
    if (answer.kind === 'stream') answer.start(response, request);
    else send(request, response, answer);
  } catch (error) {
    if (!request.complete) request.resume();
    if (response.headersSent) response.destroy();
    else send(request, response, toAnswer(cluster, error));
  }
}

async function answerRequest(cluster: Cluster, request: IncomingMessage): Promise<Answer> {
  const user = authenticate(cluster, request.headers);
  const url = new URL(request.url ?? '/', 'http://cluster');
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
  const { body, headers } = readFormat(request.headers, await readBody(request));
  const method = request.method ?? 'GET';
  const manager =
    url.searchParams.get('fieldManager') || (request.headers['user-agent'] ?? 'unknown').split('/')[0] || '';
  const reviewed = review(path, { method, body, manager }, user);
  if (reviewed !== undefined) return reviewed;
  const measured = metrics(cluster, path, method);
  if (measured !== undefined) {
    authorizePath(user, method.toLowerCase(), path);
    return measured;
  }
  const plain = answerPath(cluster, path, method, user, request);
  if (plain !== undefined) return plain;
  const place = parsePlace(path);
  if (place === undefined) throw pathNotFound();
  const target = parseTarget(place);
  const { searchParams: query } = url;
  authorize(user, verbOf(method, target.name, query), target);
  return answerResource(cluster, { ...target, method, query, headers, body, manager });
}

/** The body as JSON text, whatever it was sent as. */
function readFormat(
  headers: IncomingHttpHeaders,
  body: Buffer,
): { body: string; headers: IncomingHttpHeaders } {
  const isProtobuf = (headers['content-type'] ?? '').startsWith('application/vnd.kubernetes.protobuf');
  if (!isProtobuf || body.length === 0) return { body: body.toString('utf8'), headers };
  return {
    body: JSON.stringify(protobufToJson(body)),
    headers: { ...headers, 'content-type': 'application/json' },
  };
}

/** Paths that name no objects: health, version, discovery, OpenAPI. */
function answerPath(
  cluster: Cluster,
  path: string,
  method: string,
  user: User,
  request: IncomingMessage,
): Answer | undefined {
  const isHealth = ['/healthz', '/readyz', '/livez'].includes(path);
  const answer = isHealth
    ? ({ kind: 'text', code: 200, body: 'ok' } as const)
    : path === '/version'
      ? json(version(cluster))
      : (discovery(path, request.headers.accept) ?? openApi(path, request.headers.accept));
  if (answer === undefined) return undefined;
  authorizePath(user, method.toLowerCase(), path);
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  return answer;
}

function version(cluster: Cluster): unknown {
  return {
    major: '1',
    minor: '32',
    gitVersion: 'v1.32.0-demo',
    gitCommit: 'demo',
    gitTreeState: 'clean',
    buildDate: '2025-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: `demo cluster ${cluster.name}`,
  };
}

function toAnswer(cluster: Cluster, error: unknown): WholeAnswer {
  if (error instanceof ApiFailure) {
    const { code, headers, text, body } = error;
    return text === undefined ? json(body, code, headers) : { kind: 'text', code, body: text, headers };
  }
  const message = error instanceof Error ? error.message : String(error);
  cluster.log(`request failed: ${error instanceof Error ? error.stack : message}`);
  const failure = new ApiFailure(500, 'InternalError', `Internal error occurred: ${message}`, {
    details: {},
  });
  return json(failure.body, 500);
}

function send(request: IncomingMessage, response: ServerResponse, answer: WholeAnswer): void {
  const isText = answer.kind === 'text';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  const body = isText ? answer.body : `${JSON.stringify(answer.body, null, isPretty(request) ? 2 : 0)}\n`;
  response.writeHead(answer.code, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** People who look with curl or a browser get indented JSON, as from the real server. */
function isPretty(request: IncomingMessage): boolean {
  return (
    /[?&]pretty=(true|1)\b/.test(request.url ?? '') ||
    /^(curl|Wget|Mozilla)/.test(request.headers['user-agent'] ?? '')
  );
}

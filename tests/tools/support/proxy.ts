import { rmSync } from 'node:fs';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

export type Upstream = { url: string; token?: string };

/** What passed the proxy, for checks of which requests a phase makes. */
export type Passed = { method: string; path: string; body: string };

export type StepProxy = {
  socketPath: string;
  passed: Passed[];
  beforePass: Hook | undefined;
  /** Answers in the server's place, where it returns something. */
  answer: ((request: Passed) => { status: number; body: object } | undefined) | undefined;
  close(): Promise<void>;
};

/** Runs before a request goes on; lets a test change the world at the worst moment. */
export type Hook = (request: Passed) => Promise<void>;

/** A stand-in for the step's broker: HTTP on a unix socket; the host of a request names its upstream. */
export async function startProxy(
  socketPath: string,
  upstreams: { [host: string]: Upstream },
): Promise<StepProxy> {
  const passed: Passed[] = [];
  const hooks = { beforePass: undefined, answer: undefined };
  const proxy: StepProxy = { socketPath, passed, ...hooks, close: () => closeServer(server) };
  const server = createServer((request, response) => {
    pass(request, response, upstreams, proxy).catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return proxy;
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  upstreams: { [host: string]: Upstream },
  proxy: StepProxy,
): Promise<void> {
  const upstream = upstreams[request.headers.host ?? ''];
  if (upstream === undefined) {
    response.writeHead(421).end(`No upstream for ${request.headers.host}.`);
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const seen = { method: request.method ?? '', path: request.url ?? '', body: body.toString('utf8') };
  proxy.passed.push(seen);
  await proxy.beforePass?.(seen);
  const instead = proxy.answer?.(seen);
  if (instead) {
    response
      .writeHead(instead.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(instead.body));
    return;
  }
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const bearer = upstream.token === undefined ? {} : { authorization: `Bearer ${upstream.token}` };
  const unix = upstream.url.startsWith('unix:') ? { socketPath: upstream.url.slice('unix:'.length) } : {};
  const base = upstream.url.startsWith('unix:') ? 'http://localhost' : upstream.url;
  await new Promise<void>((resolve, reject) => {
    const forward = httpRequest(
      new URL(request.url ?? '/', base),
      { ...unix, method: request.method ?? 'GET', headers: { ...headers, ...bearer } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response).on('finish', resolve);
      },
    );
    forward.on('error', reject);
    forward.end(body);
  });
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

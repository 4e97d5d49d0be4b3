import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { hasOpenssl, selfSigned } from './self-signed.ts';

export type Keys = { role: string; id: string; secret: string; token: string; fields: URLSearchParams };
type Lock = { ID: string; Who?: string; Operation?: string; Created?: string };

/**
 * A hand-written stand-in, since no cloud runs here: AWS STS (by its Query protocol), the little of S3 that Terraform's
 * backend uses, a server for Terraform's `http` backend with locks, and `/report`, where steps say what they have seen.
 * All on one port with TLS, by a certificate of its own, and without TLS on another. Go sends nothing for `localhost` to a
 * proxy: it goes by `cloud.example` where a test resolves names itself, else by `127.1`, which every system resolves.
 */
export type CloudDouble = {
  port: number;
  /** The same without TLS. */
  plainUrl: string;
  /** PEM text, and the file that it is in. */
  certificate: string;
  certificateFile: string;
  /** Requests as "METHOD path", oldest first. */
  asked: string[];
  /** What STS has given, oldest first; and with which key each was asked for. */
  given: (Keys & { askedWith: string })[];
  /** STS gives nothing. */
  refusing: boolean;
  /** States of the `http` backend, and what S3 holds, by path. */
  states: Map<string, string>;
  locks: Map<string, Lock>;
  /** Keys whose signature and session token came with a request to S3. */
  usedKeys: Set<string>;
  reports: Record<string, unknown>[];
  close(): Promise<void>;
};

/** Why there can be none here. */
export function missingForDouble(): string | undefined {
  return hasOpenssl ? undefined : 'openssl is not installed';
}

export async function startCloudDouble(): Promise<CloudDouble> {
  const folder = mkdtempSync(join(tmpdir(), 'reign-cloud-'));
  const names = 'DNS:localhost,DNS:cloud.example,DNS:127.1';
  const { key, certificate } = selfSigned(folder, { subject: '/CN=localhost', names });
  const certificateFile = join(folder, 'certificate.pem');
  const double: CloudDouble = {
    ...{ port: 0, plainUrl: '', certificate, certificateFile, asked: [], given: [], reports: [] },
    ...{ states: new Map(), locks: new Map(), usedKeys: new Set<string>(), refusing: false },
    close: async () => undefined,
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void text(request).then((body) => answer(double, request, body, response));
  };
  const secure = createServer({ key, cert: certificate }, listener);
  const plain = createHttpServer(listener);
  for (const server of [secure, plain])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  double.port = (secure.address() as AddressInfo).port;
  double.plainUrl = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  double.close = async () => {
    for (const server of [secure, plain]) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return double;
}

function answer(
  double: CloudDouble,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): undefined {
  const { method = '' } = request;
  const path = (request.url ?? '').split('?')[0] ?? '';
  double.asked.push(`${method} ${path}`);
  const send = (
    status: number,
    said: string | object = '',
    type = 'application/json',
    more = {},
  ): undefined => {
    response.writeHead(status, { 'content-type': type, ...more });
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  };
  if (path === '/') return sts(double, request, new URLSearchParams(body), send);
  if (path === '/report') {
    double.reports.push(JSON.parse(body) as Record<string, unknown>);
    return send(200);
  }
  if (path.startsWith('/bucket')) return s3(double, request, path, body, send);
  return httpBackend(double, method, path, body, send);
}

type Send = (status: number, said?: string | object, type?: string, more?: object) => undefined;

function sts(double: CloudDouble, request: IncomingMessage, fields: URLSearchParams, send: Send): undefined {
  const action = fields.get('Action') ?? '';
  const askedWith = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (action === 'AssumeRole' && askedWith === '') return send(403, { Error: { Code: 'AccessDenied' } });
  const role = fields.get('RoleArn') ?? '';
  if (double.refusing) return send(403, { Error: { Code: 'AccessDenied' } });
  const secret = randomBytes(30).toString('base64');
  const token = randomBytes(120).toString('base64');
  const id = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
  double.given.push({ role, id, secret, token, fields, askedWith });
  const Expiration = Date.now() / 1000 + Number(fields.get('DurationSeconds'));
  const Credentials = { AccessKeyId: id, SecretAccessKey: secret, SessionToken: token, Expiration };
  send(200, { [`${action}Response`]: { [`${action}Result`]: { Credentials } } });
}

/** Only who signs with keys that STS has given, and sends their token, is answered. */
function s3(
  double: CloudDouble,
  request: IncomingMessage,
  path: string,
  body: string,
  send: Send,
): undefined {
  const { headers, method } = request;
  const id = /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
  const keys = double.given.find((each) => each.id === id);
  if (keys === undefined || headers['x-amz-security-token'] !== keys.token)
    return send(403, '<Error><Code>AccessDenied</Code></Error>', 'application/xml');
  double.usedKeys.add(keys.role);
  if (path === '/bucket' || path === '/bucket/')
    return send(200, '<ListBucketResult></ListBucketResult>', 'application/xml');
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && double.states.has(path))
      return send(412, '<Error><Code>PreconditionFailed</Code></Error>', 'application/xml');
    double.states.set(path, unchunked(body));
    return send(200);
  }
  if (method === 'DELETE') {
    double.states.delete(path);
    return send(204);
  }
  const found = double.states.get(path);
  if (found === undefined) return send(404, '<Error><Code>NoSuchKey</Code></Error>', 'application/xml');
  // Its library asks for parts until it is told that there is no more.
  const type = 'application/octet-stream';
  return headers.range === undefined
    ? send(200, found, type)
    : send(206, found, type, { 'content-range': `bytes 0-${found.length - 1}/${found.length}` });
}

/** Without the marks of a body that is sent in signed chunks. */
function unchunked(body: string): string {
  if (!/^[0-9a-f]+(;|\r\n)/i.test(body)) return body;
  let [rest, whole] = [body, ''];
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest, 16);
    if (end < 0 || !(size > 0)) return whole;
    whole += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 2 + size + 2);
  }
}

function httpBackend(double: CloudDouble, method: string, path: string, body: string, send: Send): undefined {
  const held = double.locks.get(path);
  switch (method) {
    case 'LOCK':
      if (held !== undefined) return send(423, held);
      double.locks.set(path, JSON.parse(body) as Lock);
      return send(200);
    case 'UNLOCK':
      double.locks.delete(path);
      return send(200);
    case 'POST':
      double.states.set(path, body);
      return send(200);
    default: {
      const state = double.states.get(path);
      return state === undefined ? send(404) : send(200, state);
    }
  }
}

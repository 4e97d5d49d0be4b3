import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fault } from '../../src/domain/fault.ts';
import type { EgressRule } from '../../src/domain/operation.ts';
import type { ServerAccess } from '../../src/domain/ports/credentials.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Grant } from '../../src/domain/ports/sandbox.ts';
import { baseUrlOf } from '../../src/sandbox/broker/connection-name.ts';
import { type Broker, type BrokerSession, createBroker } from '../../src/sandbox/broker/index.ts';
import { hasOpenssl, selfSigned } from '../support/self-signed.ts';
import { ask, askRaw, serve } from './support/http.ts';
import { cluster, engine, environments } from './support/sandbox.ts';

const host = new URL(baseUrlOf(cluster)).host;
const pod = '/api/v1/namespaces/shop/pods/web';

let folder: string;
let upstream: Awaited<ReturnType<typeof serve>>;
let seen: { request: IncomingMessage; body: string }[];
let access: Record<string, ServerAccess>;
let broker: Broker;
let session: BrokerSession;
let socketPath: string;
let asked: string[];
let opened: string[];
const others: Server[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reign-broker-'));
  upstream = await serve(async (request, response) => {
    // An upload that the broker cuts off has no body.
    seen.push({ request, body: await text(request).catch(() => '') });
    if (request.url?.startsWith('/api/v1/moved')) return response.writeHead(302, { location: '/evil' }).end();
    if (request.url?.includes('/log')) {
      response.write('first\n');
      return setTimeout(() => response.end('last\n'), 5000).unref();
    }
    response.setHeader('set-cookie', 'session=1');
    response.setHeader('www-authenticate', 'Basic');
    response.setHeader('warning', '299 - "old"');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer":true}');
  });
});

beforeEach(async () => {
  seen = [];
  asked = [];
  opened = [];
  access = {
    [cluster]: {
      url: upstream.url,
      headers: { authorization: 'Bearer topsecret' },
      secrets: ['topsecret'],
    },
    [engine]: { url: upstream.url, secrets: [] },
  };
  const credentials = {
    version: () => '1',
    access: async (id: string) => {
      asked.push(id);
      const found = access[id];
      if (found === undefined) throw new Error('no such credential');
      return found;
    },
  };
  broker = createBroker({
    ...{ environments, credentials, httpAllow: [], logger: silentLogger },
    openSecret: async (reference, scope) => {
      opened.push(`${reference} in ${scope.environment}/${scope.tool}`);
      return `value of ${reference}`;
    },
  });
  socketPath = join(folder, `${asked.length}-${Math.random().toString(36).slice(2)}.sock`);
  session = await broker.open(socketPath);
});

afterEach(async () => {
  await session.close();
  await broker.close();
});

afterAll(() => {
  for (const { closeAllConnections, close } of [upstream.server, ...others].map((server) => ({
    closeAllConnections: () => server.closeAllConnections(),
    close: () => server.close(),
  }))) {
    closeAllConnections();
    close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const readGrant: Grant = { connections: [cluster] };
const writeGrant = (rules: EgressRule[], gate: NonNullable<Grant['write']>['gate']): Grant => ({
  connections: [cluster, engine],
  write: { rules, gate },
});

describe('a request', () => {
  it('gets the credential and the host from the broker, and keeps nothing that could replace them', async () => {
    session.activate(readGrant);
    const answer = await ask(socketPath, cluster, {
      path: '/api/v1/pods?limit=1',
      headers: {
        ...{
          authorization: 'Bearer inside',
          cookie: 'a=b',
          accept: 'text/plain',
        },
        ...{
          'x-remote-user': 'admin',
          'x-forwarded-for': '1.1.1.1',
          te: 'trailers',
          'proxy-authorization': 'x',
        },
      },
    });
    expect(answer).toMatchObject({ status: 200, text: '{"answer":true}' });
    const { headers, url } = seen[0]!.request;
    expect(url).toBe('/api/v1/pods?limit=1');
    expect(headers).toEqual({
      ...{ host: `127.0.0.1:${upstream.port}`, authorization: 'Bearer topsecret', accept: 'text/plain' },
      connection: 'keep-alive',
    });
  });

  it('is refused where it says itself in whose name it is made', async () => {
    session.activate(readGrant);
    const before = seen.length;
    for (const name of ['impersonate-user', 'Impersonate-Group', 'impersonate-extra-scopes']) {
      const answer = await ask(socketPath, cluster, { path: '/api/v1/pods', headers: { [name]: 'admin' } });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain('in whose name it acts');
    }
    expect(seen).toHaveLength(before);
  });

  it('gets back no cookies and no challenges', async () => {
    session.activate(readGrant);
    const { headers } = await ask(socketPath, cluster);
    expect(headers).toMatchObject({ 'content-type': 'application/json', warning: '299 - "old"' });
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(JSON.stringify(headers)).not.toContain('topsecret');
  });

  it('is not redirected', async () => {
    session.activate(readGrant);
    const answer = await ask(socketPath, cluster, { path: '/api/v1/moved' });
    expect(answer.status).toBe(302);
    expect(answer.headers).not.toHaveProperty('location');
    expect(seen).toHaveLength(1);
  });

  it('is streamed back while the server still writes, and cut off when the call ends', async () => {
    const release = session.activate(readGrant);
    const chunks: string[] = [];
    const ended = new Promise<string>((resolve) => {
      const options = { socketPath, path: `${pod}/log?follow=true`, headers: { host } };
      request(options, (response) => {
        response.on('data', (chunk) => chunks.push(String(chunk)));
        response.on('error', (error) => resolve(error.message));
        response.on('end', () => resolve('end'));
      }).end();
    });
    while (chunks.length === 0) await delay(5);
    expect(chunks).toEqual(['first\n']);
    release();
    expect(await ended).toBe('aborted');
    await delay(20);
    expect(seen[0]!.request.socket.destroyed).toBe(true);
  });

  it('asks for a credential once, and anew after a failure', async () => {
    session.activate(readGrant);
    const known = access[cluster]!;
    delete access[cluster];
    expect(await ask(socketPath, cluster)).toMatchObject({ status: 500 });
    access[cluster] = known;
    await ask(socketPath, cluster);
    await ask(socketPath, cluster);
    expect(asked).toEqual([cluster, cluster]);
    expect(seen).toHaveLength(2);
  });

  it('to a server that is down is answered with 502 and words', async () => {
    const closed = await serve(() => {});
    await new Promise((resolve) => closed.server.close(resolve));
    access[cluster] = { url: closed.url, secrets: [] };
    session.activate(readGrant);
    const answer = await ask(socketPath, cluster);
    expect(answer.status).toBe(502);
    expect(answer.headers['x-reign-fault']).toBe('unreachable');
    expect(JSON.parse(answer.text)).toMatchObject({ fault: { code: 'unreachable', retry: 'later' } });
    expect(answer.text).toContain(cluster);
  });

  it('that only looks is asked again where its server has let the connection go, and a write is not', async () => {
    let requests = 0;
    const forgetful = await serve((request, response) => {
      requests += 1;
      if (requests % 2 === 0) request.socket.resetAndDestroy();
      else response.end('found');
    });
    others.push(forgetful.server);
    access[cluster] = { url: forgetful.url, secrets: [] };
    session.activate(
      writeGrant([{ connection: cluster, method: 'DELETE', path: pod }], async () => ({ ok: true })),
    );
    expect(await ask(socketPath, cluster)).toMatchObject({ status: 200 });
    expect(await ask(socketPath, cluster)).toMatchObject({ status: 200, text: 'found' });
    expect(requests).toBe(3);
    expect(await ask(socketPath, cluster, { method: 'DELETE', path: pod })).toMatchObject({ status: 502 });
    expect(requests).toBe(4);
  });

  it('reaches servers below a path and behind unix sockets', async () => {
    session.activate({ connections: [cluster, engine] });
    access[cluster] = { url: `${upstream.url}/k8s/clusters/one/`, secrets: [] };
    await ask(socketPath, cluster, { path: '/version?a=b' });
    expect(seen[0]?.request.url).toBe('/k8s/clusters/one/version?a=b');
    const path = join(folder, 'engine.sock');
    const server = createHttpServer((_, response) => response.end('from the socket'));
    others.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    access[engine] = { url: `unix://${path}`, secrets: [] };
    expect(await ask(socketPath, engine, { path: '/_ping' })).toMatchObject({ text: 'from the socket' });
  });
});

describe('nothing passes', () => {
  const refused = async (asking: Promise<{ status: number; text: string }>, why: RegExp) => {
    const answer = await asking;
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).fault.code).toBe('refused');
    expect(JSON.parse(answer.text).message).toMatch(why);
    expect(seen).toEqual([]);
  };

  it('while no call runs, and after it has ended', async () => {
    await refused(ask(socketPath, cluster), /No call/);
    session.activate(readGrant)();
    await refused(ask(socketPath, cluster), /No call/);
  });

  it('to a connection that the call does not list', async () => {
    session.activate(readGrant);
    await refused(ask(socketPath, engine, { path: '/_ping' }), /may not use docker:staging\/local/);
    await refused(ask(socketPath, 'kubernetes:production/main'), /may not use/);
    await refused(ask(socketPath, cluster, { headers: { host: '127.0.0.1' } }), /names no connection/);
  });

  it('through the socket of another step', async () => {
    session.activate(readGrant);
    const path = join(folder, 'other.sock');
    const other = await broker.open(path);
    await refused(ask(path, cluster), /No call/);
    await other.close();
  });

  it.each([
    ['an address instead of a path', `GET http://evil.example/version HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['two hosts', `GET /version HTTP/1.1\r\nHost: ${host}\r\nHost: other.reign\r\n\r\n`],
    [
      'an upgrade',
      `GET ${pod}/exec HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ],
    ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['a body of a GET', `GET /version HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\n\r\nx`],
    ['hidden dots', `GET /api/%2e%2e/evil HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['doubled slashes', `GET //api/v1/pods HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
    ['no host', 'GET /version HTTP/1.0\r\n\r\n'],
  ])('with %s', async (_, bytes) => {
    session.activate(readGrant);
    expect(await askRaw(socketPath, bytes)).toMatch(/^HTTP\/1\.1 (?:403|400) /);
    expect(seen).toEqual([]);
  });

  it('with two lengths, or a length and chunks', async () => {
    session.activate(readGrant);
    const start = `POST ${pod}?dryRun=All HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\n`;
    for (const second of ['Content-Length: 4\r\n\r\n{}\n\n', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'])
      expect(await askRaw(socketPath, start + second)).toMatch(/^(?:HTTP\/1\.1 400 |$)/);
    expect(seen).toEqual([]);
  });

  it('of more than 4 MB', async () => {
    session.activate(readGrant);
    const body = 'x'.repeat(4 * 1024 * 1024 + 1);
    const asking = ask(socketPath, cluster, { method: 'PATCH', path: `${pod}?dryRun=All`, body });
    const answer = await asking.catch((error: NodeJS.ErrnoException) => ({
      status: 413,
      text: String(error.code),
    }));
    expect(answer.status).toBe(413);
    expect(seen).toEqual([]);
  });

  it('that writes with a read grant, however it is dressed up', async () => {
    session.activate(readGrant);
    for (const query of ['', '?dryRun=None', '?dryrun=All', '?dryRun=All&dryRun=None'])
      await refused(ask(socketPath, cluster, { method: 'DELETE', path: pod + query }), /dry run/);
    const body = '{"kind":"DeleteOptions"}';
    const path = `${pod}?dryRun=All`;
    await refused(ask(socketPath, cluster, { method: 'DELETE', path, body }), /overrides the query/);
    const headers = { 'x-http-method-override': 'DELETE' };
    expect((await ask(socketPath, cluster, { path: pod, headers })).status).toBe(200);
    expect(seen[0]?.request.headers).not.toHaveProperty('x-http-method-override');
  });
});

describe('a dry run', () => {
  it('passes with a read grant, and its body is what was judged', async () => {
    session.activate(readGrant);
    const body = '{"dryRun":[],  "dryRun":["All"]}';
    const headers = { 'content-type': 'application/json' };
    await ask(socketPath, cluster, { method: 'DELETE', path: `${pod}?dryRun=All`, body, headers });
    expect(seen[0]).toMatchObject({ body: '{"dryRun":["All"]}' });
    await ask(socketPath, cluster, { method: 'PATCH', path: `${pod}?dryRun=All`, body: '{"a":1}', headers });
    expect(seen[1]).toMatchObject({ body: '{"a":1}' });
  });
});

describe('a build', () => {
  const rules: EgressRule[] = [{ connection: engine, method: 'POST', path: '/build' }];
  const build = (body: Buffer, path = '/build?t=corp/api:1', type = 'application/tar') =>
    ask(socketPath, engine, { method: 'POST', path, body, headers: { 'content-type': type } });
  const grant = writeGrant(rules, async () => ({ ok: true }));
  const large = Buffer.alloc(5 * 1024 * 1024);

  it('is streamed through, also where it is larger than what other requests may carry', async () => {
    session.activate(grant);
    expect((await build(large)).status).toBe(200);
    expect(seen[0]?.body).toHaveLength(large.length);
    expect(seen[0]?.request.headers['content-type']).toBe('application/tar');
  });

  it('ends where it is larger than 64 MB', async () => {
    session.activate(grant);
    const asking = build(Buffer.alloc(64 * 1024 * 1024 + 1));
    // The sender may see its connection close before it reads the answer.
    const answer = await asking.catch(() => ({ status: 413, text: '' }));
    expect(answer.status).toBe(413);
    expect(seen.filter(({ body }) => body.length > 0)).toEqual([]);
  });

  it('is refused where it is not approved, or reaches beyond what it is sent', async () => {
    session.activate({ connections: [engine] });
    expect(await build(large)).toMatchObject({ status: 403 });
    session.activate(grant);
    expect(await build(large, '/build?networkmode=host')).toMatchObject({ status: 403 });
    expect(await build(large, '/build', 'application/json')).toMatchObject({ status: 403 });
    expect(seen).toEqual([]);
  });
});

describe('a secret', () => {
  const rules: EgressRule[] = [{ connection: cluster, method: 'PATCH', path: pod }];
  const scope = { environment: 'staging', tool: 'kubernetes' };
  const grant = (references: string[]): Grant => ({
    connections: [cluster],
    write: { rules, gate: async () => ({ ok: true }), secrets: { references, versions: {}, scope } },
  });
  const body = JSON.stringify({ stringData: { a: 'reign+secret://vault:db', b: 'plain' }, list: [1, null] });
  const headers = { 'content-type': 'application/json' };

  it('is put in the place of its mark, in an admitted write alone', async () => {
    session.activate(grant(['vault:db']));
    await ask(socketPath, cluster, { method: 'PATCH', path: `${pod}?dryRun=All`, body, headers });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(JSON.parse(body));
    expect(opened).toEqual([]);
    await ask(socketPath, cluster, { method: 'PATCH', path: pod, body, headers });
    const sent = JSON.parse(seen[1]?.body ?? '');
    expect(sent).toEqual({ stringData: { a: 'value of vault:db', b: 'plain' }, list: [1, null] });
    expect(opened).toEqual(['vault:db in staging/kubernetes']);
  });

  it('of which the step says nothing is not opened, and nothing is sent', async () => {
    session.activate(grant(['vault:other']));
    const answer = await ask(socketPath, cluster, { method: 'PATCH', path: pod, body, headers });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('does not name the secret vault:db');
    expect(seen).toEqual([]);
    expect(opened).toEqual([]);
  });
});

describe('a write', () => {
  const rules: EgressRule[] = [{ connection: cluster, method: 'PATCH', path: pod }];
  const patch = (path = pod) => ask(socketPath, cluster, { method: 'PATCH', path, body: '{}' });

  it('passes where a rule names it, after the gate said yes once', async () => {
    let count = 0;
    const gate = async () => {
      count += 1;
      await delay(20);
      return { ok: true } as const;
    };
    session.activate(writeGrant(rules, gate));
    await ask(socketPath, cluster);
    expect(count).toBe(0);
    const answers = await Promise.all([patch(), patch(), patch(`${pod}?fieldManager=reign`)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(count).toBe(1);
  });

  it('is refused where no rule names it, without asking the gate', async () => {
    let count = 0;
    const gate = async () => {
      count += 1;
      return { ok: true } as const;
    };
    session.activate(writeGrant(rules, gate));
    const answers = [
      await patch(`${pod}x`),
      await patch(`${pod}/status`),
      await ask(socketPath, cluster, { method: 'DELETE', path: pod }),
      await ask(socketPath, cluster, { method: 'PUT', path: pod, body: '{}' }),
      await ask(socketPath, engine, { method: 'POST', path: '/containers/web/restart' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect([count, seen.length]).toEqual([0, 0]);
  });

  it('is refused with the fault of a gate that says no, for the whole call', async () => {
    let count = 0;
    const gate = async () => {
      count += 1;
      return { ok: false, fault: fault('stale', 'The plan has changed.') } as const;
    };
    session.activate(writeGrant(rules, gate));
    const answer = await patch();
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).fault).toEqual(fault('stale', 'The plan has changed.'));
    expect((await patch()).status).toBe(403);
    expect([count, seen.length]).toEqual([1, 0]);
  });

  it('is refused when the gate breaks, and asks again in the next call', async () => {
    const release = session.activate(writeGrant(rules, () => Promise.reject(new Error('database is gone'))));
    expect((await patch()).status).toBe(403);
    release();
    session.activate(writeGrant(rules, async () => ({ ok: true })));
    expect((await patch()).status).toBe(200);
  });

  it('is refused when the call ends while the gate thinks', async () => {
    const release = session.activate(writeGrant(rules, () => delay(50, { ok: true } as const)));
    const answer = patch();
    await delay(20);
    release();
    expect((await answer).status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('to a container engine is looked into, even where a rule names it', async () => {
    const create: EgressRule = { connection: engine, method: 'POST', path: '/containers/create' };
    session.activate(writeGrant([create], async () => ({ ok: true })));
    const headers = { 'content-type': 'application/json' };
    const post = (body: object) =>
      ask(socketPath, engine, {
        ...{ method: 'POST', path: '/containers/create', headers },
        body: JSON.stringify(body),
      });
    expect((await post({ Image: 'web', HostConfig: { LogConfig: { tYpe: 'syslog' } } })).status).toBe(403);
    expect((await post({ Image: 'web', HostConfig: { Privileged: true } })).status).toBe(403);
    expect(seen).toEqual([]);
    expect((await post({ Image: 'web', HostConfig: {} })).status).toBe(200);
  });
});

if (!hasOpenssl) console.warn('SKIPPED: openssl is not installed; TLS of the broker was not tested.');

describe.skipIf(!hasOpenssl)('TLS', () => {
  it('is the broker’s own: its authority, its certificate, and nothing else', async () => {
    const { key: keyText, certificate: certText } = selfSigned(folder, {
      subject: '/CN=cluster.test',
      names: 'DNS:cluster.test',
    });
    const options = {
      key: keyText,
      cert: certText,
      ca: certText,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const server = createHttpsServer(options, (_, response) => response.end('secure'));
    others.push(server as unknown as Server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    session.activate({ connections: [cluster, engine] });
    const tls = { ca: certText, cert: certText, key: keyText, serverName: 'cluster.test' };
    access[cluster] = { url, tls, secrets: [] };
    expect(await ask(socketPath, cluster)).toMatchObject({ status: 200, text: 'secure' });
    access[engine] = { url, tls: { cert: certText, key: keyText }, secrets: [] };
    expect(await ask(socketPath, engine, { path: '/_ping' })).toMatchObject({ status: 502 });
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { createBroker } from '../../src/sandbox/broker/index.ts';
import { type ProbeResult, probe } from '../../src/sandbox/broker/probe/probe.ts';
import { hasOpenssl, selfSigned } from '../support/self-signed.ts';
import { ask, serve } from './support/http.ts';
import { web } from './support/sandbox.ts';

let server: Awaited<ReturnType<typeof serve>>;
let requests: { url: string | undefined; host: string | undefined; headers: object }[];
const others: Server[] = [];
const signal = new AbortController().signal;

beforeAll(async () => {
  server = await serve((request, response) => {
    requests.push({ url: request.url, host: request.headers.host, headers: request.headers });
    const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to');
    if (to !== null) return response.writeHead(302, { location: to }).end();
    if (request.url === '/hang') return;
    if (request.url === '/big') {
      const timer = setInterval(() => response.write('x'.repeat(64 * 1024)), 5);
      return response.on('close', () => clearInterval(timer));
    }
    response.writeHead(request.url === '/broken' ? 503 : 200).end('fine');
  });
});
afterAll(() => {
  server.server.closeAllConnections();
  server.server.close();
  for (const other of others) other.close();
});

const look = (
  url: string,
  allowed: readonly string[] = ['127.0.0.0/8'],
  timeoutMs = 2000,
): Promise<ProbeResult> => {
  requests = [];
  return probe({ url, timeoutMs }, { allowed, signal });
};

describe('a probe', () => {
  it('measures what it sees', async () => {
    const result = await look(`${server.url}/health?a=b#c`);
    expect(result).toMatchObject({
      ...{ url: `${server.url}/health?a=b`, status: 200, tls: null },
      hops: [{ url: `${server.url}/health?a=b`, address: '127.0.0.1', status: 200 }],
    });
    expect(result).not.toHaveProperty('error');
    expect(result.latencyMs.total).toBeGreaterThan(0);
    expect(result.latencyMs.firstByte).toBeGreaterThanOrEqual(result.latencyMs.connect ?? 0);
    expect(requests[0]?.headers).not.toHaveProperty('cookie');
    expect((await look(`${server.url}/broken`)).status).toBe(503);
  });

  it('follows redirects, five at most', async () => {
    const chain = (length: number): string =>
      length === 0 ? '/end' : `/?to=${encodeURIComponent(chain(length - 1))}`;
    const five = await look(server.url + chain(5));
    expect(five).toMatchObject({ status: 200, url: `${server.url}/end` });
    expect(five.hops).toHaveLength(6);
    const six = await look(server.url + chain(6));
    expect(six).toMatchObject({ status: 302, error: { code: 'too-many-redirects' } });
    expect(requests).toHaveLength(6);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://0.0.0.0/',
    'http://2130706434/',
  ])('is not led to %s', async (target) => {
    const direct = await look(target, []);
    expect(direct).toMatchObject({ status: null, error: { code: 'address-refused' } });
    const allowed = [`127.0.0.1:${server.port}`];
    const led = await look(`${server.url}/?to=${encodeURIComponent(target)}`, allowed);
    expect(led).toMatchObject({ error: { code: 'address-refused' } });
    expect(led.hops).toHaveLength(2);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'nonsense',
    'http://user:pass@127.0.0.1/',
    'gopher://x/',
  ])('does not visit %s', async (target) => {
    expect(await look(target)).toMatchObject({ status: null, error: { code: 'bad-address' } });
    const led = await look(`${server.url}/?to=${encodeURIComponent(target)}`);
    expect(requests.length).toBeLessThanOrEqual(target === 'nonsense' ? 2 : 1);
    if (target !== 'nonsense') expect(led).toMatchObject({ error: { code: 'bad-address' } });
  });

  it('resolves a name once and stays with that address', async () => {
    const answers = ['127.0.0.1', '169.254.169.254'];
    let count = 0;
    const lookup = async () => {
      const address = answers[count] ?? '169.254.169.254';
      count += 1;
      return [{ address, family: 4 as const }];
    };
    requests = [];
    const url = `http://rebinding.example:${server.port}/`;
    const result = await probe({ url, timeoutMs: 2000 }, { allowed: ['127.0.0.1'], signal, lookup });
    expect(result).toMatchObject({ status: 200, hops: [{ address: '127.0.0.1' }] });
    expect([count, requests[0]?.host]).toEqual([1, `rebinding.example:${server.port}`]);
  });

  it('says when nothing answers: refused, unknown, too slow', async () => {
    const closed = await serve(() => {});
    await new Promise((resolve) => closed.server.close(resolve));
    expect(await look(closed.url)).toMatchObject({ status: null, error: { code: 'ECONNREFUSED' } });
    expect(await look(`${server.url}/hang`, undefined, 200)).toMatchObject({ error: { code: 'timeout' } });
    const silent = createTcpServer(() => {});
    others.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    expect(await look(`https://127.0.0.1:${port}/`, undefined, 200)).toMatchObject({
      error: { code: 'timeout' },
    });
  });

  it('reads no more than a bit of an endless body', async () => {
    expect(await look(`${server.url}/big`)).toMatchObject({ status: 200 });
  });
});

if (!hasOpenssl) console.warn('SKIPPED: openssl is not installed; certificates of probes were not tested.');

it.skipIf(!hasOpenssl)('shows the certificate, trusted or not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-probe-'));
  const subject = '/O=Reign tests/CN=probe.test';
  const { key, certificate: cert } = selfSigned(folder, { subject, days: 20 });
  const secure = createHttpsServer({ key, cert }, (_, response) => response.end('fine'));
  others.push(secure);
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  rmSync(folder, { recursive: true });
  const result = await look(`https://127.0.0.1:${(secure.address() as AddressInfo).port}/`);
  expect(result).toMatchObject({
    status: 200,
    tls: {
      subject: 'probe.test',
      issuer: 'probe.test',
      authorized: false,
      error: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    },
  });
  expect(result.tls?.daysLeft).toBe(19);
  expect(result.latencyMs.tls).toBeGreaterThan(0);
});

it('is answered by the broker for calls that list it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-probe-'));
  const credentials = { version: () => '1', access: () => Promise.reject(new Error('never asked')) };
  const httpAllow = [`127.0.0.1:${server.port}`];
  const openSecret = () => Promise.reject(new Error('never asked'));
  const broker = createBroker({ environments: [], credentials, openSecret, httpAllow, logger: silentLogger });
  const path = join(folder, 'broker.sock');
  const session = await broker.open(path);
  const post = (body: unknown, where = '/probe') =>
    ask(path, web, { method: 'POST', path: where, body: JSON.stringify(body) });
  const question = { url: `${server.url}/`, timeoutMs: 1000 };
  requests = [];
  expect((await post(question)).status).toBe(403);
  session.activate({ connections: [web] });
  expect(JSON.parse((await post(question)).text)).toMatchObject({
    status: 200,
    hops: [{ address: '127.0.0.1' }],
  });
  expect((await post({ ...question, method: 'POST' })).status).toBe(400);
  expect((await post({ url: 1 })).status).toBe(400);
  expect((await post(question, '/other')).status).toBe(403);
  expect((await ask(path, web, { path: '/probe' })).status).toBe(403);
  expect(requests).toHaveLength(1);
  await session.close();
  await broker.close();
  rmSync(folder, { recursive: true });
});

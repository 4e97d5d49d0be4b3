import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnvironmentView } from '../../src/domain/environment.ts';
import { check } from '../../src/tools/monitoring/check.ts';
import { faultOf, inputFor, testWriter } from './support/writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'reign-probe-'));
const socketPath = join(folder, 'broker.sock');
const web = { id: 'http:web', kind: 'http' as const, environment: 'web', name: 'web', demo: false };
const environments: EnvironmentView[] = [
  { name: 'web', tier: 'nonproduction', aliases: [], connections: [web] },
];
const writer = testWriter(environments, socketPath);

let answer: { status: number; body: object };
let asked: { method?: string | undefined; path?: string | undefined; body: unknown }[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      asked.push({ method: request.method, path: request.url, body: JSON.parse(text) });
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a healthy address with a certificate that ends soon', async () => {
  asked = [];
  const tls = { validTo: '2030-01-01T00:00:00Z', daysLeft: 12, issuer: 'Test', authorized: true };
  const body = { url: 'x', status: 200, latencyMs: { dns: 1, total: 41.6 }, hops: [{}, {}], tls };
  answer = { status: 200, body };
  const text = await run('shop.acme.test');
  expect(asked).toEqual([
    { method: 'POST', path: '/probe', body: { url: 'https://shop.acme.test/', timeoutMs: 10_000 } },
  ]);
  expect(text).toContain('https://shop.acme.test/ is healthy: status 200, 42 ms, 2 hops');
  expect(text).toContain('⚠ Its certificate ends in 12 days.');
});

test('a plain number as latency, no TLS, and a status of 503', async () => {
  answer = { status: 200, body: { url: 'x', status: 503, latencyMs: 7, hops: [], tls: null } };
  expect(await run('http://shop.acme.test:8080/ready')).toBe(
    'http://shop.acme.test:8080/ready is not healthy: status 503, 7 ms',
  );
});

test('an address that cannot be reached is an answer, not a failure', async () => {
  answer = { status: 200, body: { url: 'x', error: 'connect ECONNREFUSED' } };
  expect(await run('https://shop.acme.test')).toContain('not healthy: connect ECONNREFUSED');
});

test('what the broker refuses is said with its reason', async () => {
  answer = { status: 403, body: { message: 'Private addresses are not allowed.', fault: {} } };
  const input = await inputFor(check, { url: '10.0.0.1' }, writer);
  const fault = await faultOf(check.execute(input, writer, { approved: undefined, idempotencyKey: 'k' }));
  expect(fault).toMatchObject({ code: 'refused' });
  expect(fault.message).toContain('Private addresses are not allowed.');
});

test.each(['ftp://x', 'https://user:secret@x', 'not an address', 'http://'])('%s is refused', async (url) => {
  expect(await check.resolve({ url }, writer)).toMatchObject({ kind: 'impossible' });
});

async function run(url: string): Promise<string> {
  const input = await inputFor(check, { url }, writer);
  const output = await check.execute(input, writer, { approved: undefined, idempotencyKey: 'k' });
  const shown = check.render(check.output.parse(output), input);
  if (shown.kind !== 'text') throw new Error('expected text');
  return shown.text;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadTestPath } from '../../src/domain/load-test.ts';
import type { Writer } from '../../src/domain/ports/reader.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { baseUrlOf } from '../../src/sandbox/broker/connection-name.ts';
import { createBroker } from '../../src/sandbox/broker/index.ts';
import { loadTest } from '../../src/tools/monitoring/load_test.ts';
import { faultOf, inputFor, type TestWriter, testWriter } from '../tools/support/writer.ts';
import { ask, serve } from './support/http.ts';
import { web } from './support/sandbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'reign-load-'));
const path = join(folder, 'broker.sock');
let server: Awaited<ReturnType<typeof serve>>;
let writer: TestWriter;
let session: Awaited<ReturnType<ReturnType<typeof createBroker>['open']>>;
let seen: { path: string | undefined; host: string | undefined }[] = [];

beforeAll(async () => {
  server = await serve((request, response) => {
    seen.push({ path: request.url, host: request.headers.host });
    response.writeHead(request.url === '/broken' ? 503 : 200).end('fine');
  });
  const environments = [
    {
      ...{ name: 'shop', tier: 'nonproduction' as const, aliases: [], hosts: [`localhost:${server.port}`] },
      connections: [{ id: web, kind: 'http' as const, environment: 'shop', name: 'web', demo: false }],
    },
  ];
  const never = () => Promise.reject(new Error('never asked'));
  const credentials = { version: () => '1', access: never };
  const options = { environments, credentials, openSecret: never, httpAllow: [], logger: silentLogger };
  session = await createBroker(options).open(path);
  const connect = (id: string) => ({ id, environment: 'shop', socketPath: path, baseUrl: baseUrlOf(id) });
  writer = { ...testWriter(environments, path), connect };
});
afterAll(async () => {
  await session.close();
  server.server.closeAllConnections();
  server.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const gate = async () => ({ ok: true as const });
const inputOf = (at = '/', duration = '1s') =>
  inputFor(loadTest, { url: `http://localhost:${server.port}${at}`, connections: 2, duration }, writer);
const mayWrite = (input: Awaited<ReturnType<typeof inputOf>>) =>
  session.activate({ connections: [web], write: { rules: loadTest.egress(input), gate } });

it('sends the load that was approved, with progress, and tells how it was answered', async () => {
  seen = [];
  const input = await inputOf();
  session.activate({ connections: [web] });
  const approved = await loadTest.preview(input, writer);
  expect(seen).toEqual([]);
  mayWrite(input);
  const output = await loadTest.execute(input, writer as Writer, { approved, idempotencyKey: 'k' });
  expect(output.requests).toBeGreaterThan(10);
  expect(output).toMatchObject({ refused: 0, failed: 0 });
  expect(seen[0]).toEqual({ path: '/', host: `localhost:${server.port}` });
  expect(writer.reports.at(-1)).toBe('1 of 1 s');
  const { text } = loadTest.render(output, input) as { text: string };
  expect(text).toMatch(/requests in 1 s, \d+ a second\. All were answered well\.\nLatency:\np50 +█+ \d/);
});

it('tells what was answered with an error', async () => {
  const input = await inputOf('/broken');
  mayWrite(input);
  const output = await loadTest.execute(input, writer as Writer, {
    approved: undefined,
    idempotencyKey: 'k',
  });
  expect(output.refused).toBeGreaterThan(0);
  expect((loadTest.render(output, input) as { text: string }).text).toMatch(
    /⚠ \d+ \(100\.0 %\) were answered with an error/,
  );
});

it('refuses hosts that are not one’s own, also past the operation, and more than was approved', async () => {
  expect(await loadTest.resolve({ url: 'https://example.com' }, writer)).toMatchObject({
    kind: 'impossible',
    reason: expect.stringContaining('own hosts'),
  });
  const input = await inputOf();
  mayWrite(input);
  const post = (test: typeof input) => ask(path, web, { method: 'POST', path: loadTestPath(test) });
  expect((await post({ ...input, connections: 3 })).status).toBe(403);
  expect((await ask(path, web, { method: 'POST', path: '/load/x/999999/1' })).status).toBe(403);
  const other = { ...input, url: `http://127.0.0.1:${server.port}/` };
  session.activate({ connections: [web], write: { rules: loadTest.egress(other), gate } });
  expect((await post(other)).status).toBe(403);
  session.activate({ connections: [web] });
  expect((await post(input)).status).toBe(403);
});

it('takes bounded amounts only', async () => {
  const url = `http://localhost:${server.port}/`;
  for (const request of [
    { url, connections: 100_000 },
    { url, duration: '2d' },
    { url, duration: 'soon' },
    { url: ':' },
  ])
    expect(await loadTest.resolve(request, writer)).toMatchObject({ kind: 'impossible' });
  expect(await loadTest.resolve({}, writer)).toMatchObject({ kind: 'question' });
});

it('fails where nothing answers', async () => {
  const input = { ...(await inputOf()), url: `http://localhost:${server.port}/` };
  mayWrite(input);
  server.server.closeAllConnections();
  await new Promise((resolve) => server.server.close(resolve));
  const fault = await faultOf(
    loadTest.execute(input, writer as Writer, { approved: undefined, idempotencyKey: 'k' }),
  );
  expect(fault).toMatchObject({ code: 'unreachable' });
}, 30_000);

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EnvironmentView } from '../../src/domain/environment.ts';
import { toFault } from '../../src/domain/fault.ts';
import { openCluster } from '../../src/tools/kubernetes/client.ts';
import { faultOf, testWriter } from './support/writer.ts';

const id = 'kubernetes:staging/main';
const main = { id, kind: 'kubernetes' as const, environment: 'staging', name: 'main', demo: true };
const environments: EnvironmentView[] = [
  { name: 'staging', tier: 'nonproduction', aliases: [], connections: [main] },
];

let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reign-transport-'));
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [401, 'not-allowed', "does not accept Reign's credential"],
  [403, 'not-allowed', "Reign's account may not do this in staging"],
  [404, 'not-found', 'answered 404'],
  [409, 'conflict', 'answered 409'],
  [422, 'bad-request', 'answered 422'],
  [503, 'unreachable', 'answered 503'],
])('status %i is the fault %s, with the words of the server', async (status, code, words) => {
  const cluster = await serve((_, response) => {
    response.writeHead(status).end(JSON.stringify({ kind: 'Status', message: 'the reason why' }));
  });
  const fault = await faultOf(cluster.get('/api/v1/pods'));
  expect(fault.code).toBe(code);
  expect(fault.message).toContain(words);
  expect(fault.message).toContain('the reason why');
});

test('a kind that the cluster does not serve is an empty list and an absent object', async () => {
  const cluster = await serve((_, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
  });
  expect(await cluster.list('/apis/none/v1/things')).toEqual([]);
  expect(await cluster.find('/apis/none/v1/things/x')).toBeUndefined();
});

test('a refusal of the broker keeps its own code and words, and is never an absent object', async () => {
  const cluster = await serve((_, response) => {
    const message = 'The plan was changed since it was approved.';
    response.writeHead(404, { 'x-reign-fault': 'not-found' }).end(JSON.stringify({ message }));
  });
  const fault = await faultOf(cluster.find('/api/v1/pods/x'));
  expect(fault).toMatchObject({ code: 'not-found', message: 'The plan was changed since it was approved.' });
});

test('the host of the connection names it to the broker, and a patch says what it is', async () => {
  const seen: (string | undefined)[] = [];
  const cluster = await serve((request, response) => {
    seen.push(request.headers.host, request.headers['content-type'], request.url);
    response.end('{}');
  });
  await cluster.patch('/x', { a: 1 }, true);
  expect(seen).toEqual([
    'kubernetes-staging-main.test',
    'application/merge-patch+json',
    '/x?fieldManager=reign&dryRun=All',
  ]);
});

test('no server is told as unreachable, with the environment', async () => {
  const cluster = openCluster(testWriter(environments, join(folder, 'nobody.sock')), id);
  expect(await faultOf(cluster.get('/'))).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('staging'),
  });
});

test('a step that is stopped ends its request', async () => {
  const stop = new AbortController();
  const cluster = await serve(() => stop.abort(), stop.signal);
  const failure = await cluster.get('/').catch((error: unknown) => error);
  expect(toFault(failure).code).toBe('cancelled');
});

async function serve(listener: RequestListener, signal = new AbortController().signal) {
  const socketPath = join(folder, 'broker.sock');
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(socketPath, resolve));
  return openCluster({ ...testWriter(environments, socketPath), signal }, id);
}

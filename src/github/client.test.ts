import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FaultError } from '../domain/fault.ts';
import type { Reader } from '../domain/ports/reader.ts';
import { all, found, openGithub, said } from './client.ts';

const refusal = (status: number, headers: object = {}, data: object = { message: 'no' }) =>
  Promise.reject({ name: 'HttpError', status, response: { headers, data } });

async function faultOf(promise: Promise<unknown>) {
  const error = await promise.catch((thrown: unknown) => thrown);
  return error instanceof FaultError ? error.fault : error;
}

test.each([
  [404, {}, 'not-found'],
  [403, {}, 'not-allowed'],
  [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795000000' }, 'locked'],
  [429, {}, 'locked'],
  [409, {}, 'conflict'],
  [422, {}, 'bad-request'],
  [502, {}, 'unreachable'],
  [403, { 'x-reign-fault': 'stale' }, 'stale'],
])('an answer %i with %j is %s', async (status, headers, code) => {
  expect(await faultOf(said(refusal(status, headers), 'it'))).toMatchObject({ code });
});

test('GitHub’s own words reach people, with what is wrong with each field', async () => {
  const data = {
    message: 'Validation Failed',
    errors: [{ field: 'head', code: 'invalid' }, { message: 'No commits' }],
  };
  expect(await faultOf(said(refusal(422, {}, data), 'A pull request'))).toMatchObject({
    message: 'A pull request: Validation Failed; head is invalid; No commits',
  });
  const limited = await faultOf(said(refusal(429, { 'x-ratelimit-reset': '1795000000' }), 'it'));
  expect(limited).toMatchObject({ message: expect.stringContaining('2026-11-18T') });
});

test('what is not there is undefined, what has moved is a fault', async () => {
  expect(await found(refusal(404), 'it')).toBeUndefined();
  expect(await faultOf(found(refusal(403), 'it'))).toMatchObject({ code: 'not-allowed' });
  expect(await faultOf(said(Promise.resolve({ status: 301, data: {} }), 'it'))).toMatchObject({
    code: 'not-found',
  });
});

test('lists are read page by page, to a bound', async () => {
  const asked: number[] = [];
  const pages = (sizes: number[]) => (paging: { per_page: number; page: number }) => {
    asked.push(paging.page);
    return Promise.resolve({
      status: 200,
      data: Array.from({ length: sizes[paging.page - 1] ?? 100 }, () => 1),
    });
  };
  expect(await all(pages([100, 7]), 'it')).toHaveLength(107);
  expect(asked).toEqual([1, 2]);
  expect(await all(pages([]), 'it')).toHaveLength(1000);
});

test('requests go over the socket, with slashes as they are; a stopped step stops them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-github-client-'));
  const socketPath = join(folder, 's.sock');
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.headers.host} ${request.url}`);
    if (request.url?.endsWith('/slow') === true) return;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":{"sha":"1"}}');
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const stop = new AbortController();
  const connection = { id: 'github:a/b', environment: 'a', socketPath, baseUrl: 'http://step.reign' };
  const reader = { connect: () => connection, signal: stop.signal } as unknown as Reader;
  const github = await openGithub(reader, connection.id);
  const place = { owner: 'acme', repo: 'web' };
  const ref = await said(github.git.getRef({ ...place, ref: 'heads/feature/one' }), 'it');
  expect(ref.object.sha).toBe('1');
  expect(seen).toEqual(['GET step.reign /repos/acme/web/git/ref/heads/feature/one']);
  const slow = faultOf(said(github.git.getRef({ ...place, ref: 'heads/slow' }), 'it'));
  setTimeout(() => stop.abort(), 50);
  expect(await slow).toMatchObject({ name: 'AbortError' });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const fresh = { ...reader, signal: new AbortController().signal } as Reader;
  const gone = await openGithub(fresh, connection.id);
  expect(await faultOf(said(gone.repos.get(place), 'it'))).toMatchObject({ code: 'unreachable' });
  rmSync(folder, { recursive: true, force: true });
});

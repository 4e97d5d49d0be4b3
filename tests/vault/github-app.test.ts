import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { createBroker } from '../../src/sandbox/broker/index.ts';
import { createCredentialSource } from '../../src/vault/credentials.ts';
import { ask } from '../sandbox/support/http.ts';

// A double of GitHub's API: it checks the JWT with the App's public key and gives tokens as GitHub does.

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
// As GitHub writes the keys of Apps.
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const connection = 'github:staging/main';

let url: string;
let minted: { installation: string; repositories: unknown }[];
let used: string[];
let lifeMs: number;
let refuse: { status: number; message: string } | undefined;

beforeEach(async () => {
  [minted, used, lifeMs, refuse] = [[], [], 3_600_000, undefined];
  const server = createServer((request, response) => {
    void answerTo(request.url ?? '', request.headers.authorization ?? '', text(request)).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      },
    );
  });
  const answerTo = async (path: string, authorization: string, read: Promise<string>) => {
    const installation = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path)?.[1];
    const body = await read;
    if (installation === undefined) {
      used.push(`${path} ${authorization}`);
      return { status: 200, body: {} };
    }
    const bearer = authorization.replace('Bearer ', '');
    const { payload } = await jwtVerify(bearer, publicKey, { issuer: '77' }).catch(() => ({
      payload: undefined,
    }));
    if (payload === undefined)
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > 600 || (payload.iat ?? 0) * 1000 > Date.now())
      return { status: 401, body: { message: "'Expiration time' claim is too far in the future" } };
    if (refuse) return { status: refuse.status, body: { message: refuse.message } };
    const { repositories } = JSON.parse(body) as { repositories?: unknown };
    minted.push({ installation, repositories });
    const expires_at = `${new Date(Date.now() + lifeMs).toISOString().slice(0, 19)}Z`;
    return { status: 201, body: { token: `ghs_minted${minted.length}`, expires_at } };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    server.closeAllConnections();
    server.close();
  };
});

function source(repositories: readonly string[], key = pem) {
  const app = { id: '77', installation: '4242', key: 'vault:app-key' };
  const reference = { kind: 'github-app' as const, url, app, repositories };
  const version = () => 'app-key/*/*/1';
  return createCredentialSource(new Map([[connection, reference]]), async () => key, version);
}

test('a token reaches the repository of the request alone, and is kept until five minutes before its end', async () => {
  const credentials = source(['acme/web', 'acme/api']);
  const access = await credentials.access(connection, 'acme/web');
  expect(access.headers).toEqual({ authorization: 'Bearer ghs_minted1' });
  expect(minted).toEqual([{ installation: '4242', repositories: ['web'] }]);
  await Promise.all([credentials.access(connection, 'acme/web'), credentials.access(connection, 'Acme/Web')]);
  expect(minted).toHaveLength(1);
  await credentials.access(connection);
  expect(minted[1]?.repositories).toEqual(['web', 'api']);
  expect(credentials.values()).toEqual([pem, 'ghs_minted1', 'ghs_minted2']);
  lifeMs = 299_000;
  await credentials.access(connection, 'acme/api');
  await credentials.access(connection, 'acme/api');
  expect(minted).toHaveLength(4);
});

test('what makes a repository of a whole organisation is not limited to one', async () => {
  await source(['acme/*']).access(connection);
  expect(minted).toEqual([{ installation: '4242', repositories: undefined }]);
});

test('the version is that of the App and its key, not of the token', async () => {
  const credentials = source(['acme/web']);
  const before = credentials.version(connection);
  await credentials.access(connection);
  expect(credentials.version(connection)).toBe(before);
  expect(credentials.secretOf(connection)).toEqual({
    reference: 'vault:app-key',
    scope: { environment: 'staging', tool: 'github' },
  });
});

test.each([
  [404, 'not-found', /There is no installation 4242 of the GitHub App 77: install it/],
  [422, 'not-allowed', /does not reach web: add them to it/],
  [403, 'not-allowed', /is suspended/],
  [500, 'unreachable', /it answered 500/],
])('GitHub’s %s is told as %s', async (status, code, says) => {
  refuse = { status, message: 'no' };
  const why = source(['acme/web']).access(connection);
  await expect(why).rejects.toMatchObject({ fault: { code } });
  await expect(why).rejects.toThrow(says);
});

test('another App’s key, and what is no key, are told without showing it', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const wrong = other.export({ type: 'pkcs8', format: 'pem' }).toString();
  await expect(source(['acme/web'], wrong).access(connection)).rejects.toThrow(
    /its key or this clock is wrong/,
  );
  const why = await source(['acme/web'], 'hunter2')
    .access(connection)
    .catch((error: Error) => error.message);
  expect(why).toMatch(/is no private key in PEM/);
  expect(why).not.toContain('hunter2');
});

test('the broker sends each request with the token of its repository', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-app-'));
  const holds = ['acme/web', 'acme/api'];
  const view = {
    id: connection,
    kind: 'github' as const,
    environment: 'staging',
    name: 'main',
    demo: false,
    holds,
  };
  const environments = [
    { name: 'staging', tier: 'nonproduction' as const, aliases: [], connections: [view] },
  ];
  const openSecret = async () => '';
  const broker = createBroker({
    ...{ environments, credentials: source(holds), openSecret, httpAllow: [], logger: silentLogger },
  });
  const socket = join(folder, 'broker.sock');
  const session = await broker.open(socket);
  session.activate({ connections: [connection] });
  for (const repository of ['web', 'api', 'web'])
    expect((await ask(socket, connection, { path: `/repos/acme/${repository}/pulls` })).status).toBe(200);
  expect((await ask(socket, connection, { path: '/repos/acme/other/pulls' })).status).toBe(403);
  expect(minted.map(({ repositories }) => repositories)).toEqual([['web'], ['api']]);
  expect(used).toEqual([
    '/repos/acme/web/pulls Bearer ghs_minted1',
    '/repos/acme/api/pulls Bearer ghs_minted2',
    '/repos/acme/web/pulls Bearer ghs_minted1',
  ]);
  await session.close();
  await broker.close();
  rmSync(folder, { recursive: true });
});

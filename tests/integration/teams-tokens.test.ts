import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTeams } from '../../adapters/teams/index.ts';
import type { InboundMessage, Inbox } from '../../src/domain/ports/chat-platform.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { tenant } from '../support/teams-connector.ts';

// Tokens of the Bot Framework, against a set of keys of our own: each way of being wrong is a 401, and nothing is read.

const appId = '0a0a0a0a-0000-0000-0000-000000000001';
const issuer = 'https://api.botframework.com';
const serviceUrl = 'https://smba.trafficmanager.net/emea/';
const alice = 'a1ce0000-0000-0000-0000-000000000001';

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const heard: InboundMessage[] = [];
let server: Server;
let teams: ReturnType<typeof createTeams>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const jwk = (key: KeyObject, kid: string, endorsements: string[]) => ({
      ...key.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      alg: 'RS256',
      endorsements,
    });
    const keys = [jwk(own.publicKey, 'good', ['msteams']), jwk(own.publicKey, 'weak', ['webchat'])];
    const metadata = {
      issuer,
      jwks_uri: `http://127.0.0.1:${port}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  teams = createTeams({
    appId,
    password: 'not-used-here',
    tenantId: tenant,
    openIdMetadataUrl: `http://127.0.0.1:${port}/openid`,
    credentials: {
      isValidAppId: async (id: string) => id === appId,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({ signRequest: async (request: unknown) => request }),
    } as never,
    planUrl: (id) => id,
    logger: silentLogger,
  });
  await teams.start({ message: async (message) => void heard.push(message) } as Partial<Inbox> as Inbox);
});
afterAll(async () => {
  await teams?.stop();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

type Wrong = { header?: object; claims?: object; key?: KeyObject; token?: string };

function token({ header = {}, claims = {}, key = own.privateKey, token }: Wrong = {}): string {
  if (token !== undefined) return token;
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const all = {
    iss: issuer,
    aud: appId,
    serviceurl: serviceUrl,
    nbf: now - 10,
    iat: now - 10,
    exp: now + 600,
    ...claims,
  };
  const content = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'good', ...header })}.${encode(all)}`;
  return `Bearer ${content}.${createSign('RSA-SHA256').update(content).sign(key, 'base64url')}`;
}

async function send(authorization: string, more: object = {}) {
  const [hook] = teams.webhooks;
  const activity = {
    type: 'message',
    id: `m${Math.random()}`,
    channelId: 'msteams',
    serviceUrl,
    text: 'list pods',
    from: { id: `29:${alice}`, aadObjectId: alice },
    recipient: { id: `28:${appId}` },
    conversation: { id: 'a:1', conversationType: 'personal', tenantId: tenant },
    ...more,
  };
  const headers = authorization === '' ? {} : { authorization };
  return hook?.handle({ headers: headers as Record<string, string>, body: JSON.stringify(activity) });
}

describe('a request to /api/messages', () => {
  it('with a token of the Bot Framework is taken', async () => {
    const before = heard.length;
    expect(await send(token())).toMatchObject({ status: 200 });
    expect(heard).toHaveLength(before + 1);
    expect(heard.at(-1)).toMatchObject({
      from: { platform: 'teams', team: tenant, user: alice },
      addressed: 'direct',
    });
  });

  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  it.each<[string, Wrong]>([
    ['no token', { token: '' }],
    ['a token that is none', { token: 'Bearer abc' }],
    ['another scheme', { token: 'Basic YWJjOmRlZg==' }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['another issuer', { claims: { iss: 'https://evil.test' } }],
    ['an expired token', { claims: { exp: now - hour, nbf: now - 2 * hour } }],
    ['a token that is not valid yet', { claims: { nbf: now + hour, exp: now + 2 * hour } }],
    ['another serviceurl', { claims: { serviceurl: 'https://evil.test/' } }],
    ['no serviceurl', { claims: { serviceurl: undefined } }],
    ['a key without the endorsement', { header: { kid: 'weak' } }],
    ['a key that is not in the set', { header: { kid: 'unknown' } }],
    ['another key’s signature', { key: foreign.privateKey }],
    ['no algorithm', { header: { alg: 'none' } }],
  ])('with %s is a 401', async (_, wrong) => {
    const before = heard.length;
    expect(await send(token(wrong))).toMatchObject({ status: 401 });
    expect(heard).toHaveLength(before);
  });

  it('with a cut signature, or a body that is no activity, reaches nothing', async () => {
    const before = heard.length;
    expect(await send(token().slice(0, -20))).toMatchObject({ status: 401 });
    const [hook] = teams.webhooks;
    for (const body of ['', '[]', 'null', '{"type":1}', '{"type":"message"}'])
      expect((await hook?.handle({ headers: { authorization: token() }, body }))?.status).toBe(400);
    expect(heard).toHaveLength(before);
  });
});

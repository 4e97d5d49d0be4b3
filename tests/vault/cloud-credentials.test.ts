import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CloudAccess, WantedCloud } from '../../src/domain/cloud.ts';
import { FaultError } from '../../src/domain/fault.ts';
import { createClouds } from '../../src/vault/clouds/index.ts';
import { createCredentialSource } from '../../src/vault/credentials.ts';
import { createRedactor } from '../../src/vault/redact.ts';

// Against a hand-written stand-in of STS, Google's IAM and Microsoft Entra, since no cloud runs here.

type Asked = { path: string; fields: URLSearchParams; body: string; authorization: string };

const arn = 'arn:aws:iam::123456789012:role/';
const [secret, token] = ['s3cret/of+the/role0123456789abcdefghijkl', 'tok3n-of-the-session-0123456789'];
const connection = 'terraform:lab/net';

let url: string;
let close: () => void;
let folder: string;
let asked: Asked[];
let status: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reign-clouds-'));
  writeFileSync(join(folder, 'federated'), 'federated-token\n');
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { authorization = '' } = request.headers;
    const path = request.url ?? '';
    asked.push({ path, fields: new URLSearchParams(body), body, authorization });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answerFor(path, new URLSearchParams(body))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
afterAll(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  status = 200;
});

function answerFor(path: string, fields: URLSearchParams): object {
  if (status !== 200) return { Error: { Code: 'AccessDenied' }, error: { status: 'PERMISSION_DENIED' } };
  if (path.includes(':generateAccessToken'))
    return { accessToken: token, expireTime: new Date(Date.now() + 900_000).toISOString() };
  if (path.includes('/oauth2/')) return { access_token: token, expires_in: 3599 };
  const action = fields.get('Action');
  const Expiration = Date.now() / 1000 + 900;
  const Credentials = { AccessKeyId: 'ASIATEST', SecretAccessKey: secret, SessionToken: token, Expiration };
  return { [`${action}Response`]: { [`${action}Result`]: { Credentials } } };
}

const env = () => ({
  ...{ AWS_ENDPOINT_URL_STS: url, AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: 'own' },
  ...{ CLOUDSDK_AUTH_ACCESS_TOKEN: 'own-google', CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: url },
  ...{ AZURE_AUTHORITY_HOST: url, AZURE_FEDERATED_TOKEN_FILE: join(folder, 'federated') },
});
const sourceOf = (cloud: CloudAccess, variables: Record<string, string> = env()) =>
  createCredentialSource(
    new Map([[connection, { kind: 'terraform', folder: '/net', hosts: [], cloud }]]),
    async (reference) => `opened ${reference}`,
    () => undefined,
    createClouds(variables),
  );
const ask = (cloud: CloudAccess, right: WantedCloud['right'], name: 'aws' | 'google' = 'aws') =>
  sourceOf(cloud).cloud(connection, { cloud: name, right, session: 'reign-p-1-s-1' });

describe('AWS', () => {
  const aws = { role: `${arn}apply`, region: 'eu-central-1' };

  test('a write gets the role for an hour, in the form that containers are given it', async () => {
    const { answer } = await ask({ aws }, 'write');
    expect(answer).toMatchObject({ AccessKeyId: 'ASIATEST', SecretAccessKey: secret, Token: token });
    expect(Date.parse(String(answer['Expiration']))).toBeGreaterThan(Date.now());
    expect(Object.fromEntries(asked[0]?.fields ?? [])).toEqual({
      ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: `${arn}apply` },
      ...{ RoleSessionName: 'reign-p-1-s-1', DurationSeconds: '3600' },
    });
    expect(asked[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAOWN\/\d+\/eu-central-1\/sts\//);
  });

  test('a look gets the role of plans, or the role narrowed to reading', async () => {
    await ask({ aws: { ...aws, planRole: `${arn}plan` } }, 'look');
    expect(asked[0]?.fields.get('RoleArn')).toBe(`${arn}plan`);
    expect(asked[0]?.fields.has('PolicyArns.member.1.arn')).toBe(false);
    await ask({ aws }, 'look');
    expect(asked[1]?.fields.get('RoleArn')).toBe(`${arn}apply`);
    expect(asked[1]?.fields.get('PolicyArns.member.1.arn')).toBe('arn:aws:iam::aws:policy/ReadOnlyAccess');
    expect(asked[1]?.fields.get('DurationSeconds')).toBe('900');
  });

  test('keys of the configuration sign, and an external id goes along', async () => {
    const keys = { id: 'AKIACONFIGURED', secret: 'vault:aws' };
    await ask({ aws: { ...aws, keys, externalId: 'ours' } }, 'write');
    expect(asked[0]?.authorization).toContain('Credential=AKIACONFIGURED/');
    expect(asked[0]?.fields.get('ExternalId')).toBe('ours');
  });

  test('a web identity needs no signature', async () => {
    await ask({ aws: { ...aws, webIdentity: 'file:/token' } }, 'write');
    expect(asked[0]?.fields.get('Action')).toBe('AssumeRoleWithWebIdentity');
    expect(asked[0]?.fields.get('WebIdentityToken')).toBe('opened file:/token');
    expect(asked[0]?.authorization).toBe('');
  });

  test('a refusal says what to allow, and no secret', async () => {
    status = 403;
    const error = await ask({ aws: { ...aws, keys: { id: 'AKIAX', secret: 'vault:aws' } } }, 'write').catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(FaultError);
    expect(String(error)).toMatch(/does not give .*role\/apply to Reign \(AccessDenied\): .*sts:AssumeRole/);
    expect(String(error)).not.toContain('opened');
  });

  test('what was given is masked from then on, in every form', async () => {
    const source = sourceOf({ aws });
    await source.cloud(connection, { cloud: 'aws', right: 'write', session: 'x' });
    const { redactNow } = createRedactor({ values: source.values });
    const said = `a ${secret} b ${token} c ${Buffer.from(secret).toString('base64')} d ${encodeURIComponent(secret)}`;
    expect(redactNow(said)).toBe(
      'a [redacted:credential] b [redacted:credential] c [redacted:credential]== d [redacted:credential]',
    );
  });

  test('the version changes with the role, the hosts and the kept secret, and holds none of them', () => {
    const one = sourceOf({ aws }).version(connection);
    expect(sourceOf({ aws: { ...aws, planRole: `${arn}plan` } }).version(connection)).not.toBe(one);
    expect(sourceOf({ aws }).version(connection)).toBe(one);
    const keys = { id: 'AKIAX', secret: 'vault:aws' };
    expect(sourceOf({ aws: { ...aws, keys } }).secretOf(connection)).toMatchObject({
      reference: 'vault:aws',
      scope: { environment: 'lab', tool: 'terraform' },
    });
  });
});

test('Google: the account of applies with all scopes, of plans with its own, or with one that reads', async () => {
  const google = { serviceAccount: 'apply@p.iam.gserviceaccount.com' };
  const { answer } = await ask({ google }, 'write', 'google');
  expect(answer).toMatchObject({ access_token: token, token_type: 'Bearer' });
  await ask({ google }, 'look', 'google');
  await ask(
    { google: { ...google, planServiceAccount: 'plan@p.iam.gserviceaccount.com' } },
    'look',
    'google',
  );
  expect(asked.map(({ path, body }) => [/Accounts\/(\w+)@/.exec(path)?.[1], JSON.parse(body).scope])).toEqual(
    [
      ['apply', ['https://www.googleapis.com/auth/cloud-platform']],
      ['apply', ['https://www.googleapis.com/auth/cloud-platform.read-only']],
      ['plan', ['https://www.googleapis.com/auth/cloud-platform']],
    ],
  );
  expect(asked[0]?.authorization).toBe('Bearer own-google');
});

test('Azure: the application of applies or of plans, by a federated token, for the API that was asked for', async () => {
  const azure = { tenant: 't', subscription: 's', client: 'applies', planClient: 'plans' };
  const wanted = { cloud: 'azure' as const, resource: 'https://management.azure.com/', session: 'x' };
  const source = sourceOf({ azure });
  const { answer } = await source.cloud(connection, { ...wanted, right: 'write' });
  await source.cloud(connection, { ...wanted, right: 'look' });
  expect(answer).toMatchObject({ access_token: token, expires_in: '3599', resource: wanted.resource });
  expect(asked.map(({ fields }) => fields.get('client_id'))).toEqual(['applies', 'plans']);
  expect(Object.fromEntries(asked[0]?.fields ?? [])).toMatchObject({
    scope: 'https://management.azure.com/.default',
    client_assertion: 'federated-token',
  });
});

test('a cloud that is not configured, and a worker without an identity, say so', async () => {
  await expect(ask({}, 'look')).rejects.toThrow('has no credential of aws');
  const bare = sourceOf({ aws: { role: `${arn}apply`, region: 'eu-central-1' } }, {});
  await expect(bare.cloud(connection, { cloud: 'aws', right: 'look', session: 'x' })).rejects.toThrow(
    'The worker has no AWS credentials',
  );
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AwsV4Signer } from 'aws4fetch';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { awsManager } from '../../src/vault/managers/aws.ts';
import { createAwsClient } from '../../src/vault/managers/aws-client.ts';
import { azureManager } from '../../src/vault/managers/azure.ts';
import { azureToken } from '../../src/vault/managers/azure-token.ts';
import { gcpManager } from '../../src/vault/managers/gcp.ts';
import { googleToken } from '../../src/vault/managers/gcp-token.ts';

// The requests that are made, against doubles: none of these clouds was reached for real.

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

let url: string;
let seen: Seen[];
let answers: { status: number; body: unknown }[];
let folder: string;

beforeEach(async () => {
  [seen, answers] = [[], []];
  folder = mkdtempSync(join(tmpdir(), 'reign-clouds-'));
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const { status, body: answer } = answers.shift() ?? { status: 500, body: {} };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close();
  };
});

const secret = { kind: 'aws', region: 'eu-central-1', name: 'prod/db', key: 'password' } as const;

test('AWS: the secret is asked for with a signature of version 4', async () => {
  const keys = {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example-key',
    AWS_SESSION_TOKEN: 's',
  };
  const keep: string[] = [];
  const read = awsManager(
    createAwsClient({ ...keys, AWS_ENDPOINT_URL_SECRETS_MANAGER: url }, (it) => keep.push(it)),
  );
  answers.push({ status: 200, body: { SecretString: '{"password":"of-aws"}', VersionId: 'v-1' } });
  expect(await read(secret)).toEqual({ value: 'of-aws', version: 'v-1' });
  const [{ method, headers, body } = {} as Seen] = seen;
  expect([method, headers['x-amz-target'], JSON.parse(body)]).toEqual([
    'POST',
    'secretsmanager.GetSecretValue',
    { SecretId: 'prod/db' },
  ]);
  const again = new AwsV4Signer({
    ...{ method: 'POST', url: `${url}/`, body, service: 'secretsmanager', region: 'eu-central-1' },
    ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-key', sessionToken: 's' },
    datetime: String(headers['x-amz-date']),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
  });
  expect(headers.authorization).toBe((await again.sign()).headers.get('authorization'));
  expect(keep).toEqual(['example-key', 's']);
});

test('AWS: a workload identity is exchanged at STS, once', async () => {
  writeFileSync(join(folder, 'token'), 'web-identity-token\n');
  const env = {
    AWS_ROLE_ARN: 'arn:aws:iam::1:role/reign',
    AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
  };
  const read = awsManager(createAwsClient({ ...env, AWS_ENDPOINT_URL: url }));
  const Credentials = {
    ...{ AccessKeyId: 'ASIA1', SecretAccessKey: 'short-key', SessionToken: 'short-token' },
    Expiration: Date.now() / 1000 + 3600,
  };
  const result = { AssumeRoleWithWebIdentityResult: { Credentials } };
  answers.push({ status: 200, body: { AssumeRoleWithWebIdentityResponse: result } });
  for (let turn = 0; turn < 2; turn += 1)
    answers.push({ status: 200, body: { SecretString: '{"password":"of-aws"}', VersionId: 'v-1' } });
  await read(secret);
  await read(secret);
  expect(seen).toHaveLength(3);
  expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toMatchObject({
    Action: 'AssumeRoleWithWebIdentity',
    WebIdentityToken: 'web-identity-token',
  });
  expect(seen[1]?.headers['x-amz-security-token']).toBe('short-token');
});

test.each([
  ['ResourceNotFoundException', 'not-found'],
  ['AccessDeniedException', 'not-allowed'],
  ['UnrecognizedClientException', 'unreachable'],
  ['ExpiredTokenException', 'not-allowed'],
])('AWS: %s is told as %s', async (type, code) => {
  const keys = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B' };
  const read = awsManager(createAwsClient({ ...keys, AWS_ENDPOINT_URL: url }));
  answers.push({ status: 400, body: { __type: `com.amazonaws#${type}`, Message: 'no' } });
  await expect(read(secret)).rejects.toMatchObject({ fault: { code } });
});

test('AWS: without credentials it is said which to set', async () => {
  await expect(awsManager(createAwsClient({}))(secret)).rejects.toThrow(/set AWS_ACCESS_KEY_ID/);
});

test('Google: the secret is read with a token of the workload', async () => {
  const env = { GCE_METADATA_HOST: new URL(url).host };
  const read = gcpManager(async () => (await googleToken(env)).token, url);
  const name = 'projects/7/secrets/partner/versions/3';
  answers.push({ status: 200, body: { access_token: 'of-workload', expires_in: 3599 } });
  answers.push({
    status: 200,
    body: { name, payload: { data: Buffer.from('of-google').toString('base64') } },
  });
  const address = { kind: 'gcp', project: 'shop', secret: 'partner', version: 'latest' } as const;
  expect(await read(address)).toEqual({ value: 'of-google', version: name });
  expect(seen[0]?.headers['metadata-flavor']).toBe('Google');
  expect(seen[1]).toMatchObject({
    url: '/v1/projects/shop/secrets/partner/versions/latest:access',
    headers: { authorization: 'Bearer of-workload' },
  });
});

test('Google: the key of a service account signs what is exchanged for a token', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder, 'account.json');
  const account = {
    ...{ type: 'service_account', client_email: 'reign@shop.iam', token_uri: `${url}/token` },
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
  writeFileSync(file, JSON.stringify(account));
  answers.push({ status: 200, body: { access_token: 'of-key', expires_in: 3599 } });
  expect(await googleToken({ GOOGLE_APPLICATION_CREDENTIALS: file })).toEqual({
    token: 'of-key',
    seconds: 3599,
  });
  const form = new URLSearchParams(seen[0]?.body);
  const assertion = form.get('assertion') ?? '';
  expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'RS256' });
  expect(decodeJwt(assertion)).toMatchObject({ iss: 'reign@shop.iam', aud: `${url}/token` });
  writeFileSync(file, JSON.stringify({ type: 'external_account' }));
  await expect(googleToken({ GOOGLE_APPLICATION_CREDENTIALS: file })).rejects.toThrow(
    /no key of a service account/,
  );
});

test('Azure: the secret is read with a token of a workload identity', async () => {
  writeFileSync(join(folder, 'token'), 'federated\n');
  const env = {
    ...{ AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'client', AZURE_AUTHORITY_HOST: `${url}/` },
    AZURE_FEDERATED_TOKEN_FILE: join(folder, 'token'),
  };
  const read = azureManager(
    async () => (await azureToken(env)).token,
    () => url,
  );
  answers.push({ status: 200, body: { access_token: 'of-entra', expires_in: 3599 } });
  answers.push({
    status: 200,
    body: { value: 'of-azure', id: 'https://shop.vault.azure.net/secrets/partner/0a1b' },
  });
  expect(await read({ kind: 'azure', vault: 'shop', name: 'partner' })).toEqual({
    value: 'of-azure',
    version: 'https://shop.vault.azure.net/secrets/partner/0a1b',
  });
  expect(seen[0]?.url).toBe('/tenant/oauth2/v2.0/token');
  expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toMatchObject({
    client_assertion: 'federated',
    scope: 'https://vault.azure.net/.default',
  });
  expect(seen[1]).toMatchObject({
    url: '/secrets/partner?api-version=7.4',
    headers: { authorization: 'Bearer of-entra' },
  });
});

test('Azure: the managed identity of the machine is asked at its metadata server', async () => {
  answers.push({ status: 200, body: { access_token: 'of-machine', expires_in: '86000' } });
  expect(await azureToken({ AZURE_POD_IDENTITY_AUTHORITY_HOST: url })).toEqual({
    token: 'of-machine',
    seconds: 86_000,
  });
  expect(seen[0]?.headers['metadata']).toBe('true');
});

test.each([
  [404, 'not-found'],
  [403, 'not-allowed'],
  [500, 'unreachable'],
])('Google and Azure: %s is told as %s', async (status, code) => {
  answers.push({ status, body: {} }, { status, body: {} });
  const google = gcpManager(async () => 't', url);
  const azure = azureManager(
    async () => 't',
    () => url,
  );
  await expect(google({ kind: 'gcp', project: 'p', secret: 's', version: '1' })).rejects.toMatchObject({
    fault: { code },
  });
  await expect(azure({ kind: 'azure', vault: 'shop', name: 'n' })).rejects.toMatchObject({ fault: { code } });
});

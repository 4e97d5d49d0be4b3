import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createAwsKeys } from '../../src/vault/aws-keys.ts';
import { createKeyChain } from '../../src/vault/key-chain.ts';
import { createAwsClient } from '../../src/vault/managers/aws-client.ts';
import { createVaultClient } from '../../src/vault/managers/vault-client.ts';
import { createMasterKeys } from '../../src/vault/master-keys.ts';
import { createSealer } from '../../src/vault/seal.ts';
import { createTransitKeys } from '../../src/vault/transit-keys.ts';
import { startVaultDouble, type VaultDouble } from '../support/vault-double.ts';

const about = { name: 'db-password', environment: 'staging', tool: '*', version: 1 };
let vault: VaultDouble;

beforeEach(async () => {
  vault = await startVaultDouble();
  return () => vault.close();
});

function transit(key = 'reign') {
  const server = { host: vault.host, url: vault.url, login: { token: 'env:T' } };
  const client = createVaultClient(server, async () => 'root-token');
  return createTransitKeys(client, { server: vault.host, mount: 'transit', key });
}

function file() {
  const folder = mkdtempSync(join(tmpdir(), 'reign-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return createMasterKeys({ file: join(folder, 'master.key') });
}

test('what Transit wraps opens by it alone, and shows which of its keys wrapped it', async () => {
  const sealer = createSealer(transit());
  const sealed = await sealer.seal('hunter2-and-more', about);
  expect(sealed.masterKey).toBe(`transit:${vault.host}/transit/reign:v1`);
  expect(sealed.masterKey).toBe(await sealer.current());
  expect(await createSealer(transit()).open(sealed, about)).toBe('hunter2-and-more');
  await expect(createSealer(createKeyChain([file()])).open(sealed, about)).rejects.toMatchObject({
    fault: { code: 'not-found', message: expect.stringContaining('vault.formerMasterKeys') },
  });
});

test('a turned key still opens what it wrapped, and rewrapping never shows the data key', async () => {
  const sealer = createSealer(transit());
  const sealed = await sealer.seal('hunter2', about);
  const next = await sealer.renew();
  expect(next).toMatch(/:v2$/);
  expect(await sealer.open(sealed, about)).toBe('hunter2');
  vault.asked.length = 0;
  const rewrapped = await sealer.rewrap(sealed);
  expect(vault.asked).toEqual(['POST transit/rewrap/reign']);
  expect([rewrapped.masterKey, rewrapped.text]).toEqual([next, sealed.text]);
  expect(await sealer.open(rewrapped, about)).toBe('hunter2');
});

test('one who may not turn the key is told the line, and what wraps says what its policy lacks', async () => {
  vault.tokens.set('root-token', ['transit/encrypt/', 'transit/decrypt/']);
  const sealer = createSealer(transit());
  const sealed = await sealer.seal('hunter2', about);
  await expect(sealer.renew()).rejects.toMatchObject({
    fault: {
      code: 'unsupported',
      message: expect.stringContaining('vault write -f transit/keys/reign/rotate'),
    },
  });
  await expect(sealer.rewrap(sealed)).rejects.toThrow(/path "transit\/rewrap\/reign"/);
  vault.sealed = true;
  await expect(sealer.open(sealed, about)).rejects.toMatchObject({ fault: { code: 'unreachable' } });
});

test('a change from a file to Transit and back opens everything on the way', async () => {
  const own = file();
  const before = await createSealer(createKeyChain([own])).seal('hunter2', about);
  const there = createSealer(createKeyChain([transit(), own]));
  expect(await there.open(before, about)).toBe('hunter2');
  const moved = await there.rewrap(before);
  expect(moved.masterKey).toMatch(/^transit:/);
  expect(await createSealer(transit()).open(moved, about)).toBe('hunter2');
  const back = createSealer(createKeyChain([own, transit()]));
  const returned = await back.rewrap(moved);
  expect(await createSealer(own).open(returned, about)).toBe('hunter2');
});

test('AWS KMS: the requests that wrap, open and wrap anew', async () => {
  const seen: [unknown, unknown][] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const asked = JSON.parse(body) as Record<string, string>;
      const action = String(request.headers['x-amz-target']).replace('TrentService.', '');
      seen.push([action, Object.keys(asked)]);
      const flipped = (value = '') => Buffer.from(value, 'base64').reverse().toString('base64');
      const answer =
        action === 'Decrypt'
          ? { Plaintext: flipped(asked['CiphertextBlob']) }
          : { CiphertextBlob: action === 'Encrypt' ? flipped(asked['Plaintext']) : asked['CiphertextBlob'] };
      const good = asked['KeyId'] !== 'forbidden';
      response.writeHead(good ? 200 : 400);
      response.end(JSON.stringify(good ? answer : { __type: 'AccessDeniedException' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = createAwsClient({
    AWS_ACCESS_KEY_ID: 'A',
    AWS_SECRET_ACCESS_KEY: 'B',
    AWS_ENDPOINT_URL_KMS: url,
  });
  const sealer = createSealer(createAwsKeys(call, { region: 'eu-central-1', key: 'alias/reign' }));
  const sealed = await sealer.seal('hunter2', about);
  expect(await sealer.open(await sealer.rewrap(sealed), about)).toBe('hunter2');
  expect(seen).toEqual([
    ['Encrypt', ['KeyId', 'Plaintext']],
    ['ReEncrypt', ['CiphertextBlob', 'SourceKeyId', 'DestinationKeyId']],
    ['Decrypt', ['KeyId', 'CiphertextBlob']],
  ]);
  const forbidden = createAwsKeys(call, { region: 'eu-central-1', key: 'forbidden' });
  await expect(createSealer(forbidden).seal('x', about)).rejects.toThrow(/allow it kms:Encrypt/);
});

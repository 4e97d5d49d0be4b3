import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManagers, type ReadRemote, remoteReader } from '../../src/vault/managers/index.ts';
import { createVaultClient, type VaultServer } from '../../src/vault/managers/vault-client.ts';
import { startVaultDouble, type VaultDouble } from '../support/vault-double.ts';

let vault: VaultDouble;
const kept: string[] = [];

beforeEach(async () => {
  vault = await startVaultDouble();
  kept.length = 0;
  return () => vault.close();
});
afterEach(() => expect(vault.asked.filter((line) => line.startsWith('POST secret'))).toEqual([]));

const values: Record<string, string> = { 'env:T': 'root-token', 'env:S': 'first-secret-id' };

function reader(server: Partial<VaultServer> = {}): ReadRemote {
  const whole = { host: vault.host, url: vault.url, login: { token: 'env:T' }, ...server };
  const keep = (secret: string) => kept.push(secret);
  const client = createVaultClient(whole, async (name) => values[name] ?? '', keep);
  return remoteReader(
    createManagers({ vaults: new Map([[vault.host, client]]), folders: [], env: {}, keep }),
  );
}

const at = (key: string, path = 'secret/data/app/db') => `vault://${vault.host}/v1/${path}#${key}`;

test('a key of the newest version is read, and another version is told apart', async () => {
  const read = reader();
  vault.put('secret/app/db', { password: 'first-value', user: 'app' });
  const first = await read(at('password'));
  expect(first.value).toBe('first-value');
  expect(await read(at('password'))).toEqual(first);
  vault.put('secret/app/db', { password: 'second-value' });
  const second = await read(at('password'));
  expect(second.value).toBe('second-value');
  expect(second.version).not.toBe(first.version);
  expect(second.version).not.toContain('value');
});

test('a secret that was made anew is another version, though its number is the same', async () => {
  const read = reader();
  vault.put('secret/app/db', { password: 'first-value' });
  const first = await read(at('password'));
  vault.remove('secret/app/db', 'metadata');
  await new Promise((resolve) => setTimeout(resolve, 5));
  vault.put('secret/app/db', { password: 'other-value' });
  expect((await read(at('password'))).version).not.toBe(first.version);
});

test.each([
  ['deleted', /Version 1 of .* is deleted: put a new one there/],
  ['destroyed', /Version 1 of .* is destroyed/],
  ['metadata', /There is no secret at secret\/data\/app\/db in Vault .*: see `vault kv put`/],
] as const)('a secret that is gone (%s) is not found', async (how, says) => {
  vault.put('secret/app/db', { password: 'first-value' });
  vault.remove('secret/app/db', how);
  const why = reader()(at('password'));
  await expect(why).rejects.toMatchObject({ fault: { code: 'not-found' } });
  await expect(why).rejects.toThrow(says);
});

test('a missing key is told with the names of the others, and no value', async () => {
  vault.put('secret/app/db', { user: 'app', token: 'second-value' });
  const why = await reader()(at('password')).catch((error: Error) => error.message);
  expect(why).toMatch(/has no text below "password"; it holds user, token/);
  expect(why).not.toContain('second-value');
});

test('what a policy forbids is told with the line that allows it', async () => {
  vault.put('secret/app/db', { password: 'first-value' });
  vault.tokens.set('root-token', ['secret/data/other']);
  await expect(reader()(at('password'))).rejects.toMatchObject({
    fault: {
      code: 'not-allowed',
      message: expect.stringContaining('path "secret/data/app/db" { capabilities = ["read"] }'),
    },
  });
});

test('a namespace is sent, and without it nothing is found', async () => {
  vault.namespace = 'team-a';
  vault.put('secret/app/db', { password: 'first-value' });
  expect((await reader({ namespace: 'team-a' })(at('password'))).value).toBe('first-value');
  await expect(reader()(at('password'))).rejects.toMatchObject({ fault: { code: 'not-found' } });
});

test('an AppRole signs in once, again when its token is revoked, and is told when its secret id is refused', async () => {
  vault.put('secret/app/db', { password: 'first-value' });
  vault.secretIds.add('first-secret-id');
  const login = { appRole: { id: 'reign', secret: 'env:S', mount: 'approle' } };
  const read = reader({ login });
  await read(at('password'));
  await read(at('password'));
  const logins = () => vault.asked.filter((line) => line.includes('login')).length;
  expect(logins()).toBe(1);
  for (const token of vault.tokens.keys()) if (token.startsWith('hvs.')) vault.tokens.delete(token);
  expect((await read(at('password'))).value).toBe('first-value');
  expect(logins()).toBe(2);
  expect(kept.filter((value) => value.startsWith('hvs.'))).toHaveLength(2);
  vault.secretIds.clear();
  await expect(reader({ login })(at('password'))).rejects.toMatchObject({ fault: { code: 'not-allowed' } });
});

test('a sealed Vault and one that is not there are unreachable, and another Vault learns no token', async () => {
  vault.sealed = true;
  await expect(reader()(at('password'))).rejects.toThrow(/answered 503 \(Vault is sealed\)/);
  const gone = reader({ url: 'http://127.0.0.1:1' });
  await expect(gone(at('password'))).rejects.toMatchObject({ fault: { code: 'unreachable' } });
  const asked = vault.asked.length;
  await expect(reader()('vault://evil.example/v1/secret/data/x#y')).rejects.toThrow(/is not configured/);
  expect(vault.asked.length).toBe(asked);
});

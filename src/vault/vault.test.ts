import { beforeEach, expect, test } from 'vitest';
import { FaultError } from '../domain/fault.ts';
import type { KeptSecret } from '../domain/ports/secrets.ts';
import { aboutAddress } from '../domain/secret-address.ts';
import { createMasterKeys } from './master-keys.ts';
import { createRemoteCache } from './remote-cache.ts';
import { createSealer } from './seal.ts';
import { createSeenValues } from './seen-values.ts';
import { createVault, type Vault } from './vault.ts';

const sealer = createSealer(createMasterKeys({ variable: Buffer.alloc(32, 7).toString('base64'), file: '' }));
const scope = { environment: 'staging', tool: 'kubernetes' };
const address = 'file:///run/secrets/partner';
let rows: KeptSecret[];
let remote: { value: string; version: string } | FaultError;
let reads: string[];
let vault: Vault;

beforeEach(() => {
  [rows, reads] = [[], []];
  remote = { value: 'remote-value', version: '1' };
  const readRemote = async (from: string) => {
    reads.push(from);
    if (remote instanceof FaultError) throw remote;
    return remote;
  };
  vault = createVault(sealer, { secrets: async () => rows, foundSecret: async () => undefined }, readRemote);
});

async function row(value: string, more: Partial<KeptSecret> = {}): Promise<KeptSecret> {
  const about = { name: 'partner', environment: '*', tool: '*', version: 1, ...more };
  const elsewhere = more.refersTo !== undefined && more.refersTo !== null;
  const sealed = await sealer.seal(value, elsewhere ? aboutAddress(about) : about);
  return { refersTo: null, setBy: 'ada', setAt: new Date(), sealed, ...about };
}

const wanted = [{ name: 'partner', scope }];

test('a secret that lies elsewhere is read there when it is wanted, and its version is theirs', async () => {
  rows = [await row(address, { refersTo: address })];
  await vault.renew();
  expect(reads).toEqual([]);
  expect(vault.values()).toEqual([]);
  await vault.renew(wanted);
  const version = vault.version('partner', scope);
  expect(await vault.open('partner', scope, version)).toBe('remote-value');
  expect(reads).toEqual([address]);
  expect(vault.values()).toEqual(['remote-value']);
});

test('another version there is another version here, and what was approved is not replaced by it', async () => {
  rows = [await row(address, { refersTo: address })];
  let now = 0;
  const cache = createRemoteCache(async () => remote as { value: string; version: string }, {
    keep: () => undefined,
    now: () => now,
  });
  await cache.look(address);
  expect(cache.version(address)).toBe('1');
  remote = { value: 'next-value', version: '2' };
  now = 59_999;
  expect((await cache.read(address)).value).toBe('remote-value');
  now = 60_000;
  expect((await cache.read(address)).value).toBe('next-value');
  await cache.look(address);
  expect(cache.version(address)).toBe('2');
  await vault.renew(wanted);
  const approved = vault.version('partner', scope)?.replace(/2$/, '1');
  await expect(vault.open('partner', scope, approved)).rejects.toMatchObject({ fault: { code: 'stale' } });
});

test('one that cannot be read says why, and is asked again the next time', async () => {
  rows = [await row(address, { refersTo: address })];
  remote = new FaultError('not-allowed', 'Vault lets Reign not read it');
  await vault.renew(wanted);
  expect(() => vault.version('partner', scope)).toThrow(/lets Reign not read it/);
  await expect(vault.open('partner', scope)).rejects.toThrow(/lets Reign not read it/);
  remote = { value: 'remote-value', version: '1' };
  await vault.renew(wanted);
  expect(await vault.open('partner', scope)).toBe('remote-value');
});

test('a row that was made to lie elsewhere, or no longer to, does not open', async () => {
  rows = [{ ...(await row('/etc/shadow')), refersTo: address }];
  await expect(vault.renew(wanted)).rejects.toMatchObject({ fault: { code: 'refused' } });
  rows = [{ ...(await row(address, { refersTo: address })), refersTo: null }];
  await expect(vault.renew(wanted)).rejects.toMatchObject({ fault: { code: 'refused' } });
});

test('a secret that was removed and set anew is another version, and a rewrapped one is the same', async () => {
  rows = [await row('first-value')];
  await vault.renew();
  const first = vault.version('partner', scope);
  rows = [{ ...(rows[0] as KeptSecret), setAt: new Date(0) }];
  await vault.renew();
  expect(vault.version('partner', scope)).toBe(first);
  rows = [await row('second-value')];
  await vault.renew();
  expect(vault.version('partner', scope)).not.toBe(first);
  await expect(vault.open('partner', scope, first)).rejects.toMatchObject({ fault: { code: 'stale' } });
  expect(vault.values()).toEqual(['second-value']);
});

test('what has ended is masked for another hour', () => {
  let now = 0;
  const seen = createSeenValues(() => now);
  seen.add('minted-token', 600_000);
  seen.add('opened-value');
  now = 4_100_000;
  seen.add('other');
  expect(seen.values()).toContain('minted-token');
  now = 4_300_000;
  seen.add('other');
  expect(seen.values()).toEqual(['opened-value', 'other']);
});

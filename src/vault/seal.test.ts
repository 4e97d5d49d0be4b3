import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMasterKeys } from './master-keys.ts';
import { createSealer } from './seal.ts';

const about = { name: 'db-password', environment: 'staging', tool: '*', version: 1 };

function keyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reign-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'keys', 'master.key');
}

test('what was sealed opens, by another process too, and shows nothing of the value', async () => {
  const file = keyFile();
  const sealed = await createSealer(createMasterKeys({ file })).seal('hunter2-and-more', about);
  expect(JSON.stringify(sealed)).not.toContain('hunter2');
  expect(await createSealer(createMasterKeys({ file })).open(sealed, about)).toBe('hunter2-and-more');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const again = await createSealer(createMasterKeys({ file })).seal('hunter2-and-more', about);
  expect(again.text).not.toBe(sealed.text);
});

test.each([
  ['another name', { ...about, name: 'other' }],
  ['another environment', { ...about, environment: 'production' }],
  ['another tool', { ...about, tool: 'github' }],
  ['an older version', { ...about, version: 2 }],
])('a row of %s does not open', async (_what, other) => {
  const sealer = createSealer(createMasterKeys({ file: keyFile() }));
  const sealed = await sealer.seal('hunter2', about);
  await expect(sealer.open(sealed, other)).rejects.toMatchObject({ fault: { code: 'refused' } });
});

test('after a rotation old values open, and once rewrapped they need the new key alone', async () => {
  const file = keyFile();
  const sealer = createSealer(createMasterKeys({ file }));
  const reader = createSealer(createMasterKeys({ file }));
  const sealed = await sealer.seal('hunter2', about);
  expect(await reader.open(sealed, about)).toBe('hunter2');
  const next = await sealer.renew();
  const rewrapped = await sealer.rewrap(sealed);
  expect(rewrapped.masterKey).toBe(next);
  expect(rewrapped.text).toBe(sealed.text);
  // The other process learns of the new key when it meets it.
  expect(await reader.open(rewrapped, about)).toBe('hunter2');
  expect(await reader.open(sealed, about)).toBe('hunter2');
  const [newest = ''] = readFileSync(file, 'utf8').split('\n');
  const alone = createSealer(createMasterKeys({ file, variable: newest }));
  expect(await alone.open(rewrapped, about)).toBe('hunter2');
  await expect(alone.open(sealed, about)).rejects.toMatchObject({ fault: { code: 'not-found' } });
  await expect(alone.renew()).rejects.toMatchObject({ fault: { code: 'unsupported' } });
});

test('several that make the first key at once all use the same one, and no renewal forgets another', async () => {
  const file = keyFile();
  const sealers = Array.from({ length: 20 }, () => createSealer(createMasterKeys({ file })));
  const sealed = await Promise.all(sealers.map((each) => each.seal('hunter2', about)));
  expect(new Set(sealed.map(({ masterKey }) => masterKey)).size).toBe(1);
  const [one] = sealers;
  if (one === undefined) throw new Error('no sealer');
  const renewed = await Promise.all([one.renew(), one.renew(), one.renew()]);
  const later = await one.seal('hunter2', about);
  expect(renewed).toContain(later.masterKey);
  for (const each of [...sealed, later])
    expect(await createSealer(createMasterKeys({ file })).open(each, about)).toBe('hunter2');
});

test('a master key that is none is refused', () => {
  expect(() => createMasterKeys({ file: '/none', variable: 'short' })).toThrow(/32 bytes in base64/);
});

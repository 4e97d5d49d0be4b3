import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSigningKey } from '../vault/keys.ts';
import { checkKeys, copyKeys } from './backup-keys.ts';

let folder: string;
let keys: string;
let copy: string;

/** As the kubelet lays a volume out: `master.key` → `..data/master.key`, `..data` → a folder named after the moment. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'reign-keys-'));
  [keys, copy] = [path.join(folder, 'keys'), path.join(folder, 'copy')];
  const dated = path.join(keys, '..2026_11_23_07_00_00.1234');
  await mkdir(dated, { recursive: true });
  await loadSigningKey(dated);
  await writeFile(path.join(dated, 'master.key'), 'the master key');
  await symlink(path.basename(dated), path.join(keys, '..data'));
  for (const name of ['gateway.key', 'gateway.pub', 'master.key'])
    await symlink(path.join('..data', name), path.join(keys, name));
});
afterEach(() => rm(folder, { recursive: true }));

test('keys of a volume are copied as files of their own', async () => {
  await copyKeys(keys, copy, { masterKey: true });
  expect(await readdir(copy)).toEqual(['gateway.key', 'gateway.pub', 'master.key']);
  await rm(keys, { recursive: true });
  expect(await readFile(path.join(copy, 'master.key'), 'utf8')).toBe('the master key');
  expect((await stat(path.join(copy, 'gateway.key'))).mode & 0o777).toBe(0o600);
  await checkKeys(copy);
});

test('without the master key nothing of it is copied', async () => {
  await copyKeys(keys, copy, { masterKey: false });
  expect(await readdir(copy)).toEqual(['gateway.key', 'gateway.pub']);
  await checkKeys(copy);
});

test('keys that lead nowhere, are none, or are missing are refused with their folder', async () => {
  await rm(path.join(keys, '..data'));
  const refused = (words: RegExp) => expect(checkKeys(keys)).rejects.toThrow(words);
  await refused(/keys of the backup cannot be used: ENOENT.*Put the files themselves into .*keys/);
  for (const name of ['gateway.key', 'gateway.pub', 'master.key']) await rm(path.join(keys, name));
  await refused(/gateway\.pub/);
  await writeFile(path.join(keys, 'gateway.pub'), 'no key');
  await refused(/cannot be used/);
});

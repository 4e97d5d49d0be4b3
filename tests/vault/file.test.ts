import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createManagers, remoteReader } from '../../src/vault/managers/index.ts';

const root = mkdtempSync(join(tmpdir(), 'reign-files-'));
const folder = join(root, 'secrets');
mkdirSync(folder);
afterAll(() => rmSync(root, { recursive: true }));

const read = remoteReader(
  createManagers({ vaults: new Map(), folders: [folder], env: {}, keep: () => undefined }),
);

test('a file is read, and is another version when it is written anew', async () => {
  writeFileSync(join(folder, 'token'), 'first-value\n');
  const first = await read(`file://${folder}/token`);
  expect(first.value).toBe('first-value');
  expect(await read(`file://${folder}/token`)).toEqual(first);
  rmSync(join(folder, 'token'));
  writeFileSync(join(folder, 'token'), 'second-value\n');
  const second = await read(`file://${folder}/token`);
  expect(second.value).toBe('second-value');
  expect(second.version).not.toBe(first.version);
});

test.each([
  ['app.json', '{"token":"of-json"}', 'of-json'],
  ['app.yaml', 'token: of-yaml\nother: x\n', 'of-yaml'],
])('a key of %s is read', async (name, text, value) => {
  writeFileSync(join(folder, name), text);
  expect((await read(`file://${folder}/${name}#token`)).value).toBe(value);
  await expect(read(`file://${folder}/${name}#none`)).rejects.toThrow(/has no text below "none"/);
});

test('what lies elsewhere is refused, also behind a link', async () => {
  writeFileSync(join(root, 'outside'), 'private');
  symlinkSync(join(root, 'outside'), join(folder, 'link'));
  mkdirSync(join(root, 'secrets-not'));
  writeFileSync(join(root, 'secrets-not', 'x'), 'private');
  for (const file of [`${root}/outside`, `${folder}/link`, `${root}/secrets-not/x`, '/etc/passwd'])
    await expect(read(`file://${file}`)).rejects.toMatchObject({ fault: { code: 'not-allowed' } });
});

test.each([
  ['none', 'not-found'],
  ['folder', 'not-found'],
  ['empty', 'not-found'],
  ['large', 'too-large'],
])('%s is told as %s', async (name, code) => {
  mkdirSync(join(folder, 'folder'), { recursive: true });
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'large'), 'x'.repeat(1024 * 1024 + 1));
  await expect(read(`file://${folder}/${name}`)).rejects.toMatchObject({ fault: { code } });
});

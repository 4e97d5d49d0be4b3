import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listFolder, readListed } from './listing.ts';

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'reign-files-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'net/.terraform'), { recursive: true });
  for (const name of [
    'net/main.tf',
    'net/terraform.tfstate',
    'net/.terraform/x',
    'net/.env',
    'b.txt',
    'tls.key',
  ])
    writeFileSync(join(root, name), name);
  symlinkSync('/etc/passwd', join(root, 'net/passwd'));
  symlinkSync('/etc', join(root, 'etc'));
  return root;
}

test('lists what steps may read, and its digest follows the content', async () => {
  const root = folder();
  const before = await listFolder(root, '');
  expect(before.files.map(({ path }) => path)).toEqual(['b.txt', 'net/main.tf']);
  expect((await listFolder(root, 'net')).files.map(({ path }) => path)).toEqual(['main.tf']);
  expect((await listFolder(root, '')).digest).toBe(before.digest);
  writeFileSync(join(root, 'net/main.tf'), 'changed');
  expect((await listFolder(root, '')).digest).not.toBe(before.digest);
  expect(String(await readListed(root, 'net', 'main.tf'))).toBe('changed');
});

test.each([
  ['', '../b.txt'],
  ['..', 'b.txt'],
  ['net', '../../etc/passwd'],
  ['net', 'passwd'],
  ['etc', 'passwd'],
  ['net', '.env'],
  ['', 'tls.key'],
  ['net', 'terraform.tfstate'],
])('nothing outside and nothing secret is read: %s %s', async (below, path) => {
  await expect(readListed(folder(), below, path)).rejects.toMatchObject({ fault: { code: 'not-found' } });
});

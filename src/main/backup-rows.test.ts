import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BackupLine } from '../store/backup.ts';
import { readRows, writeRows } from './backup-rows.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'reign-rows-'));
  file = path.join(folder, 'rows.gz');
});
afterEach(() => rm(folder, { recursive: true }));

// Node before 24 splits at a bare return and not yet at U+2028 and U+2029.
const rows: BackupLine[] = ['a\u2028b', 'c\u2029d', 'e\u0085f', 'g\rh', 'ü'.repeat(20_000), ''].map(
  (text) => ({
    table: 'messages',
    row: `{"text":"${text}"}`,
  }),
);

async function written(): Promise<void> {
  async function* all() {
    yield* rows;
  }
  expect(await writeRows(file, all())).toBe(rows.length);
}

async function read(): Promise<BackupLine[]> {
  const found: BackupLine[] = [];
  for await (const row of readRows(file)) found.push(row);
  return found;
}

test('a row comes back as it was, whatever some programs take for the end of a line', async () => {
  await written();
  expect(await read()).toEqual(rows);
});

test.each([1, 2, 30])('a file that lacks %i of its last bytes is refused', async (bytes) => {
  await written();
  await writeFile(file, gzipSync(gunzipSync(await readFile(file)).subarray(0, -bytes)));
  await expect(read()).rejects.toThrow(/was cut off: take another backup/);
});

import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdDataDir } from '../../src/services/index.ts';
import { bundleReign, startReign, temporaryFolder } from './helpers.ts';

let reign: { file: string; remove(): Promise<void> };
let folder: string;

beforeAll(async () => {
  reign = await bundleReign();
});
afterAll(async () => {
  await reign.remove();
});
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('holdDataDir', { timeout: 30_000 }, () => {
  it('refuses while a living process holds the folder and takes over from a dead one', async () => {
    const other = await startReign(reign.file, ['hold', folder]);
    await expect(holdDataDir(folder)).rejects.toMatchObject({ code: 'data-dir-in-use' });
    await other.killNow();
    const hold = await holdDataDir(folder);
    await hold.release();
    expect(await readdir(folder)).toEqual(['logs']);
  });

  it('adds up within one process', async () => {
    const [outer, inner] = await Promise.all([holdDataDir(folder), holdDataDir(folder)]);
    await inner.release();
    await inner.release();
    const other = await startReign(reign.file, ['hold', folder]);
    expect(other.said).toMatchObject({ error: 'data-dir-in-use' });
    await outer.release();
    const another = await startReign(reign.file, ['hold', folder]);
    expect(another.said).toEqual({ held: true });
    await another.stopGently();
  });

  it('is not fooled by a reused pid, nor by a lock a crash cut short', async () => {
    for (const text of [JSON.stringify({ pid: process.pid, born: 'long ago', nonce: 'x' }), '', '{"pid":1']) {
      await writeFile(join(folder, 'lock'), text);
      const hold = await holdDataDir(folder);
      await hold.release();
    }
  });

  it('lets exactly one of many take over a stale lock', async () => {
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 30, born: 'long ago', nonce: 'x' }));
    const all = await Promise.all(Array.from({ length: 6 }, () => startReign(reign.file, ['hold', folder])));
    expect(all.filter((one) => one.said.held === true)).toHaveLength(1);
    expect(all.filter((one) => one.said.error === 'data-dir-in-use')).toHaveLength(5);
    await Promise.all(all.map((one) => one.stopGently()));
    expect(await readdir(folder)).toEqual(['logs']);
  });
});

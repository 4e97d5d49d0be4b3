import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { childName } from './leftovers.ts';
import { createPlaceMaker } from './places.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reign-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes a private folder a child and removes it with all it holds', async () => {
  const maker = createPlaceMaker(join(folder, 'work'));
  const places = maker.create(childName(1));
  expect(dirname(places.socketPath)).toBe(places.folder);
  for (const path of [join(folder, 'work'), places.folder, places.workFolder])
    expect(statSync(path).mode & 0o777).toBe(0o700);
  await maker.remove(places);
  expect(existsSync(places.folder)).toBe(false);
  maker.close();
});

it('keeps the path of a socket within what the kernel takes, however deep the folder lies', () => {
  const maker = createPlaceMaker(join(folder, 'deep/'.repeat(30)));
  const places = maker.create(childName(1));
  expect(Buffer.byteLength(places.socketPath)).toBeLessThanOrEqual(107);
  expect(statSync(dirname(places.socketPath)).mode & 0o777).toBe(0o700);
  maker.close();
  expect(existsSync(dirname(places.socketPath))).toBe(false);
});

it('removes what a process that was killed has left, and nothing else', () => {
  for (const name of ['4194303-1-mws0670h', 'something']) mkdirSync(join(folder, name));
  const kept = childName(8);
  mkdirSync(join(folder, kept));
  createPlaceMaker(folder).close();
  expect(['4194303-1-mws0670h', 'something', kept].map((name) => existsSync(join(folder, name)))).toEqual([
    ...[false, true, true],
  ]);
});

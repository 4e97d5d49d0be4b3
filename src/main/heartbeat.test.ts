import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isBeating, startHeartbeat } from './heartbeat.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'reign-beat-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const beatOf = (name: string, secondsAgo: number) => {
  const file = path.join(folder, `worker.alive-${name}`);
  writeFileSync(file, '');
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(file, at, at);
};

test('a worker lives while it says so, and another container in the folder proves nothing', async () => {
  expect(await isBeating(folder)).toBe(false);
  beatOf('elsewhere-1', 1);
  beatOf(`${os.hostname()}-1`, 60);
  expect(await isBeating(folder)).toBe(false);
  const heart = await startHeartbeat(folder);
  expect(await isBeating(folder)).toBe(true);
  await heart.stop();
  expect(await isBeating(folder)).toBe(false);
});

test('what killed workers have left is forgotten after a day', async () => {
  beatOf('gone-1', 2 * 24 * 3600);
  beatOf('late-1', 3600);
  await (await startHeartbeat(folder)).stop();
  expect(readdirSync(folder)).toEqual(['worker.alive-late-1']);
});

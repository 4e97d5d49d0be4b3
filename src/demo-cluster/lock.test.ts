import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './lock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder is held once, and let go', () => {
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.pid}`);
  unlock();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
  lockFolder(folder)();
});

test('a lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child.pid, started: '1' }));
  lockFolder(folder)();
});

test('a number that went to another process does not hold the folder', () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
  lockFolder(folder)();
});

test('a lock that cannot be read is taken over', () => {
  writeFileSync(join(folder, 'lock'), '');
  lockFolder(folder)();
});

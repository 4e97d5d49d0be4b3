import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const script = path.resolve(import.meta.dirname, '../../scripts/fetch-program.mjs');
const folder = mkdtempSync(path.join(os.tmpdir(), 'reign-fetch-'));
const program = Buffer.from('#!/bin/sh\necho helm\n');
const files = new Map<string, Buffer>();
const server = createServer((request, response) => {
  const file = files.get(request.url ?? '');
  response.writeHead(file ? 200 : 404).end(file);
});

beforeAll(async () => {
  writeFileSync(path.join(folder, 'helm'), program);
  files.set('/helm', program);
  files.set(
    '/helm.tar.gz',
    execFileSync('tar', ['-cz', '-C', path.dirname(folder), `${path.basename(folder)}/helm`]),
  );
  files.set('/helm.zip', Buffer.from(zipSync({ 'LICENSE.txt': Buffer.from('x'), helm: program })));
  rmSync(path.join(folder, 'helm'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const address = (file: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${file}`;
const sha256 = (file: string) =>
  createHash('sha256')
    .update(files.get(file) ?? '')
    .digest('hex');
const fetchHelm = (...args: string[]) => run(process.execPath, [script, folder, 'helm', ...args]);

test.each(['/helm', '/helm.tar.gz', '/helm.zip'])('takes the program out of %s', async (file) => {
  await fetchHelm(address(file), sha256(file));
  expect(readFileSync(path.join(folder, 'helm'))).toEqual(program);
  expect(statSync(path.join(folder, 'helm')).mode & 0o777).toBe(0o755);
  rmSync(path.join(folder, 'helm'));
});

test('keeps nothing of another content, and says why', async () => {
  const another = sha256('/helm.zip');
  await expect(fetchHelm(address('/helm'), another)).rejects.toThrow(
    `has the SHA-256 ${sha256('/helm')}, not ${another}`,
  );
  await expect(fetchHelm(address('/helm'))).rejects.toThrow('say the SHA-256');
  await expect(fetchHelm(address('/none'), another)).rejects.toThrow('answers 404');
  await fetchHelm();
  expect(readdirSync(folder)).toEqual([]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ProgramResult, Reader, RunProgram } from '../../domain/ports/reader.ts';
import { helmAlone, withHelm } from './run-helm.ts';

const workFolder = mkdtempSync(join(tmpdir(), 'reign-run-helm-'));
afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

const ended: ProgramResult = { exitCode: 0, signal: null, stdout: '', stderr: '', truncated: false };
let closed = 0;

function readerWith(runProgram: RunProgram | undefined): Reader {
  return {
    ...{ workFolder, signal: new AbortController().signal },
    connect: (id: string) => ({ id, environment: 'staging', socketPath: '', baseUrl: '' }),
    forward: async () => ({
      url: 'http://127.0.0.1:1',
      refused: () => [],
      failed: () => undefined,
      close() {
        closed += 1;
      },
    }),
    ...(runProgram === undefined ? {} : { runProgram }),
  } as Partial<Reader> as Reader;
}

const list = (reader: Reader) => withHelm(reader, 'kubernetes:staging/main', (helm) => helm.json(['list']));

test('helm gets the loopback address in a kubeconfig of its own, and what it prints is read', async () => {
  let seen: { args: readonly string[]; env: Readonly<Record<string, string>> | undefined } | undefined;
  const reader = readerWith(async (_program, args, { env }) => {
    seen = { args, env };
    await writeFile(env?.['PRINTED'] ?? '', '[1]');
    return ended;
  });
  expect(await list(reader)).toEqual([1]);
  expect(seen?.args.slice(3)).toEqual([
    'list',
    '--output',
    'json',
    '--kubeconfig',
    seen?.env?.['KUBECONFIG'],
  ]);
  expect(Object.values(seen?.env ?? {}).filter((value) => value.startsWith('/'))).toSatisfy(
    (places: string[]) => places.every((place) => place.startsWith(workFolder)),
  );
  expect(closed).toBe(1);
});

test.each<[string, RunProgram | undefined, string]>([
  ['no programs run here', undefined, 'No sandbox runs programs'],
  ['helm is missing', async () => ({ ...ended, exitCode: 127 }), 'helm is not installed'],
  ['helm does not end', async () => ({ ...ended, exitCode: null, signal: 'SIGKILL' }), 'did not end within'],
])('%s: said in words, and the way to the cluster is closed', async (_title, runProgram, words) => {
  const before = closed;
  await expect(list(readerWith(runProgram))).rejects.toThrow(words);
  expect(closed).toBe(before + 1);
});

test('helm alone is told of as missing too', async () => {
  const reader = readerWith(async () => ({ ...ended, exitCode: 127 }));
  await expect(helmAlone(reader, workFolder, ['lint'])).rejects.toThrow('helm is not installed');
});

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CommandList } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import type { ProgramResult, Writer } from '../../domain/ports/reader.ts';
import { run } from './run.ts';

const ended: ProgramResult = { exitCode: 0, signal: null, stdout: 'out\n', stderr: '', truncated: false };

test('runs the approved script with plain bash and gives its output', async () => {
  const calls: unknown[] = [];
  const writer = writerWith(async (...call) => {
    calls.push(call);
    return ended;
  });
  const approved = await run.preview({ command: 'echo out' }, writer);
  const output = await run.execute({ command: 'echo out' }, writer, { approved, idempotencyKey: 'k' });
  expect(output).toEqual({ exitCode: 0, stdout: 'out\n', stderr: '', truncated: false, files: [], more: 0 });
  const cwd = join(writer.workFolder, 'script');
  expect(calls).toEqual([
    ['/bin/bash', ['--noprofile', '--norc', '-c', 'echo out'], { limitSeconds: 110, memoryMb: 512, cwd }],
  ]);
  expect(run.render(output, { command: 'echo out' })).toEqual({ kind: 'text', text: 'out' });
});

test('an exit code other than 0 fails with the last lines', async () => {
  const writer = writerWith(async () => ({ ...ended, exitCode: 3, stderr: 'no such thing\n' }));
  const approved = await run.preview({ command: 'x' }, writer);
  const failing = run.execute({ command: 'x' }, writer, { approved, idempotencyKey: 'k' });
  await expect(failing).rejects.toThrow('ended with exit code 3.\nout\nno such thing');
});

test('another script than the approved one never runs, nor any without an approval', async () => {
  const writer = writerWith(async () => {
    throw new Error('it ran');
  });
  const approved = await run.preview({ command: 'echo one' }, writer);
  for (const context of [approved, undefined]) {
    const running = run.execute({ command: 'echo two' }, writer, { approved: context, idempotencyKey: 'k' });
    await expect(running).rejects.toBeInstanceOf(FaultError);
    await expect(running).rejects.toThrow('not the script that was approved');
  }
});

test('where nothing can run programs it says so', async () => {
  const writer = writerWith(undefined);
  const approved = await run.preview({ command: 'ls' }, writer);
  const running = run.execute({ command: 'ls' }, writer, { approved, idempotencyKey: 'k' });
  await expect(running).rejects.toThrow('reign doctor');
});

test('it is always code, for an unknown place unless one was named', async () => {
  expect(run.assess({ command: 'ls' })).toMatchObject({ effect: 'run-code', targets: ['shell:any'] });
  expect(run.assess({ command: 'ls' }).environment).toBeUndefined();
  const named = await run.resolve({ command: 'ls', environment: 'stg' }, writerWith(undefined));
  expect(named).toEqual({ kind: 'input', input: { command: 'ls', environment: 'staging' } });
  expect(run.undo.kind).toBe('irreversible');
  expect((await run.resolve({}, writerWith(undefined))).kind).toBe('question');
});

test('files of a configured folder lie where the script runs, as they were approved', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reign-shell-'));
  const digests = ['d1', 'd1', 'd2'];
  const writer = {
    ...writerWith(async (_program, _args, options) => {
      writeFileSync(join(options.cwd ?? '', 'out', 'report.txt'), 'fine\n');
      writeFileSync(join(options.cwd ?? '', 'out', 'image.bin'), Buffer.from([0, 1, 2]));
      symlinkSync('/etc/passwd', join(options.cwd ?? '', 'out', 'link'));
      return ended;
    }),
    workFolder: folder,
    copyFolder: async () => ({ files: [{ path: 'a.sh' }], digest: digests.shift() ?? '' }),
  } as unknown as Writer;
  const resolved = await run.resolve({ command: 'sh a.sh', files: 'jobs/nightly' }, writer);
  if (resolved.kind !== 'input') throw new Error(JSON.stringify(resolved));
  const { input } = resolved;
  expect(input).toEqual({
    command: 'sh a.sh',
    environment: 'staging',
    files: { connection: 'folder:staging/jobs', path: 'nightly' },
  });
  expect(run.assess(input)).toMatchObject({ environment: 'staging', effect: 'run-code' });
  const approved = await run.preview(input, writer);
  expect(approved).toMatchObject({ fingerprint: { files: 'd1' }, after: { files: ['a.sh'] } });
  const output = await run.execute(input, writer, { approved, idempotencyKey: 'k' });
  expect(output.files).toEqual([
    { path: 'image.bin', size: 3 },
    { path: 'report.txt', size: 5, text: 'fine\n' },
  ]);
  expect(run.render(output, input)).toEqual({
    kind: 'text',
    text: 'out\nout/image.bin (3 bytes): no text, or too much\nout/report.txt (5 bytes):\nfine',
  });
  const changed = run.execute(input, writer, { approved, idempotencyKey: 'k' });
  await expect(changed).rejects.toThrow('files have changed');
  rmSync(folder, { recursive: true });
});

test('a folder that is not there, or leads out, is no input', async () => {
  const writer = writerWith(undefined);
  const asked = { command: 'ls', files: 'job' };
  expect(await run.resolve(asked, writer)).toMatchObject({ question: { field: 'files' } });
  expect(await run.resolve({ ...asked, files: 'jobs/../..' }, writer)).toMatchObject({ kind: 'impossible' });
});

test('lists of commands refuse at the admission, and again when they have changed', async () => {
  const writer = writerWith(undefined, [{ deny: ['curl'] }]);
  const refused = await run.resolve({ command: 'echo $(curl x)', environment: 'stg' }, writer);
  expect(refused).toMatchObject({ kind: 'impossible', reason: expect.stringContaining('denies "curl"') });
  // Without an environment all lists hold.
  expect(await run.resolve({ command: 'curl x' }, writer)).toMatchObject({ kind: 'impossible' });
  expect(await run.resolve({ command: 'ls' }, writer)).toMatchObject({ kind: 'input' });
  const input = { command: 'curl x', environment: 'staging' };
  await expect(run.preview(input, writer)).rejects.toThrow('denies "curl"');
  const approved = await run.preview(input, writerWith(undefined));
  const running = run.execute(input, writer, { approved, idempotencyKey: 'k' });
  await expect(running).rejects.toMatchObject({ fault: { code: 'refused' } });
});

const workFolder = mkdtempSync(join(tmpdir(), 'reign-shell-'));
afterAll(() => rmSync(workFolder, { recursive: true }));

function writerWith(runProgram: Writer['runProgram'], shell: readonly CommandList[] = []): Writer {
  const folder = { id: 'folder:staging/jobs', kind: 'folder', environment: 'staging', name: 'jobs' };
  const environments = [
    { name: 'staging', tier: 'nonproduction' as const, aliases: ['stg'], connections: [folder], shell },
  ];
  const programs = runProgram === undefined ? {} : { runProgram };
  return { environments, workFolder, ...programs } as unknown as Writer;
}

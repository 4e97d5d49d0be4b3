import { expect, test } from 'vitest';
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
  expect(output).toEqual({ exitCode: 0, stdout: 'out\n', stderr: '', truncated: false });
  expect(calls).toEqual([
    ['/bin/bash', ['--noprofile', '--norc', '-c', 'echo out'], { limitSeconds: 110, memoryMb: 512 }],
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

function writerWith(runProgram: Writer['runProgram']): Writer {
  const environments = [
    { name: 'staging', tier: 'nonproduction' as const, aliases: ['stg'], connections: [] },
  ];
  return { environments, ...(runProgram === undefined ? {} : { runProgram }) } as unknown as Writer;
}

import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyOperation } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { StepPhase } from '../../domain/ports/sandbox.ts';
import { runStepHost } from './index.ts';

type Input = { count: number };
type Step = (input: Input, access: Reader | Writer, context?: unknown) => unknown;

/** An operation whose every phase is `step`; its output must be a number. */
function operationOf(step: Step): AnyOperation {
  const run = async (input: Input, access: Reader, context?: unknown) => step(input, access, context);
  const operation = {
    ...{ id: 'test.one', version: 1, summary: '', effect: 'update', repeat: 'safe', previews: 'computed' },
    ...{ examples: [], connections: [], egress: () => [], describe: () => ({ title: '' }) },
    request: z.strictObject({ words: z.string() }),
    input: z.strictObject({ count: z.number().int() }),
    output: z.number(),
    resolve: run,
    assess: () => null,
    preview: (input: Input, reader: Reader, previous: unknown) => run(input, reader, { previous }),
    ...{ execute: run, landed: run, verify: run },
    undo: {
      kind: 'reversible',
      capture: run,
      previewRestore: (input: Input, undo: unknown, reader: Reader) => run(input, reader, undo),
      restore: (input: Input, undo: unknown, writer: Writer) => run(input, writer, undo),
      verifyRestored: (input: Input, undo: unknown, reader: Reader) => run(input, reader, undo),
    },
    ...{ stop: { signal: 'SIGTERM', graceSeconds: 1 }, limits: { seconds: 1, memoryMb: 1 } },
    render: () => ({ kind: 'text', text: '' }),
  };
  return operation as unknown as AnyOperation;
}

function start(step: Step, operation = operationOf(step)) {
  const said: { id?: number; type: string; reply?: unknown; line?: string }[] = [];
  let told: () => void = () => {};
  const channel = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      for (const line of String(chunk).trim().split('\n')) said.push(JSON.parse(line));
      told();
      done();
    },
  });
  const host = runStepHost(
    { all: [operation], find: (id) => (id === 'test.one' ? operation : undefined) },
    channel,
  );
  const send = (message: unknown) =>
    channel.push(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  send({ type: 'hello', environments: [], socketPath: '/s', workFolder: '/w', programs: false });
  let id = 0;
  const call = (phase: string, args: unknown, of = 'test.one') => {
    id += 1;
    const wanted = id;
    send({ type: 'call', id, call: { operation: of, phase, args }, connections: ['http:web'] });
    return new Promise((resolve) => {
      told = () => {
        const found = said.find((message) => message.type === 'reply' && message.id === wanted);
        if (found !== undefined) resolve(found.reply);
      };
    });
  };
  return { said, host, send, call };
}

const full = { input: { count: 2 }, approved: null, idempotencyKey: 'key', undo: { was: 1 } };

describe('a step host', () => {
  it('says ready when it was greeted', async () => {
    const { said, call } = start(() => 1);
    await call('execute', full);
    expect(said[0]).toEqual({ type: 'ready' });
  });

  it('gives the writer to execute and restore and to no other phase', async () => {
    const writers: string[] = [];
    let now = '';
    const { call } = start((_, access) => {
      if ('writes' in access) writers.push(now);
      return 1;
    });
    const phases: StepPhase[] = ['preview', 'capture', 'execute', 'landed', 'verify'];
    for (now of [...phases, 'preview-restore', 'restore', 'verify-restored']) await call(now, full);
    expect(writers).toEqual(['execute', 'restore']);
  });

  it('parses requests and inputs before the operation sees them, and the output after', async () => {
    const { call } = start(() => 'text');
    const code = { ok: false, fault: { code: 'bad-request' } };
    expect(await call('preview', { input: { count: '2' } })).toMatchObject(code);
    expect(await call('preview', { input: { count: 2, more: 1 } })).toMatchObject(code);
    expect(await call('resolve', { request: { other: 1 } })).toMatchObject(code);
    expect(await call('execute', { input: { count: 2 }, approved: null })).toMatchObject(code);
    expect(await call('execute', 'text')).toMatchObject(code);
    expect(await call('fly', full)).toMatchObject(code);
    expect(await call('execute', full)).toMatchObject({ ok: false, fault: { code: 'internal' } });
    expect(await call('preview', full)).toEqual({ ok: true, value: 'text' });
    expect(await call('preview', full, 'test.two')).toMatchObject({
      ok: false,
      fault: { code: 'not-found' },
    });
  });

  it('hands on what belongs to each phase', async () => {
    const given: unknown[] = [];
    const { call } = start((input, _, context) => {
      given.push([input, context]);
      return 1;
    });
    const preview = { kind: 'computed', after: 1 };
    await call('execute', { ...full, approved: preview });
    await call('preview', { ...full, previous: preview });
    await call('verify', { ...full, approved: preview, output: 7 });
    await call('restore', full);
    expect(given).toEqual([
      [{ count: 2 }, { approved: preview, idempotencyKey: 'key' }],
      [{ count: 2 }, { previous: preview }],
      [{ count: 2 }, { approved: preview, idempotencyKey: 'key', output: 7 }],
      [{ count: 2 }, { was: 1 }],
    ]);
  });

  it('knows the connections that the call may use', async () => {
    const { call } = start((_, access) => [
      access.connect('http:web').baseUrl,
      access.connect('docker:x').id,
    ]);
    const reply = await call('preview', full);
    expect(reply).toMatchObject({ ok: false, fault: { code: 'not-found' } });
    expect(JSON.stringify(reply)).toContain('docker:x');
  });

  it('goes on after bad lines, thrown nonsense and values that are no JSON', async () => {
    const answers: unknown[] = [
      () => {
        throw new Error('broken');
      },
      10n,
      undefined,
      3,
    ];
    const { call, send } = start(() => {
      const next = answers.shift();
      return typeof next === 'function' ? next() : next;
    });
    for (const line of ['', '{', '[]', 'null', '{"type":"call"', '{"type":"none"}']) send(line);
    expect(await call('preview', full)).toMatchObject({
      ok: false,
      fault: { code: 'internal', message: 'broken' },
    });
    expect(await call('preview', full)).toMatchObject({ ok: false, fault: { code: 'internal' } });
    expect(await call('preview', full)).toEqual({ ok: true, value: null });
    expect(await call('preview', full)).toEqual({ ok: true, value: 3 });
  });

  it('aborts what runs when it is stopped', async () => {
    const { call, host } = start((_, access) => access.sleep(60_000));
    const reply = call('preview', full);
    setTimeout(() => host.stop('SIGTERM'), 20);
    expect(await reply).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  });

  it('reports progress before its reply', async () => {
    const { call, said } = start((_, access) => access.report('half'));
    await call('preview', full);
    expect(said.map(({ type, line }) => line ?? type)).toEqual(['ready', 'half', 'reply']);
  });
});

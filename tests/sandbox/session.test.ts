import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../src/domain/ports/sandbox.ts';
import { type BackendBed, backendKinds, openBackend } from './support/backends.ts';
import { processesWith } from './support/engine.ts';
import { buildTestHost, resultOf, runSnippet, type TestBed } from './support/sandbox.ts';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

const working = backendKinds.filter(({ works }) => works);

describe.each(working)('a session (backend $name)', (kind) => {
  let bed: TestBed;
  let backend: BackendBed;
  let sandbox: Sandbox;

  beforeAll(async () => {
    bed = await buildTestHost();
    backend = await openBackend(kind, bed);
    sandbox = await backend.open();
  });
  afterAll(async () => {
    await sandbox?.close();
    await backend?.stop();
    bed.remove();
  });
  const open = (profile: 'tool' | 'code' = 'tool') => sandbox.open({ planId: `p-${randomUUID()}`, profile });

  /** Starts two generations of sleepers, one of which leaves the group, and never ends. */
  const brood = (mark: string) => `const cp = await load('node:child_process');
    cp.spawn('/bin/sh', ['-c', 'trap "" TERM INT; (trap "" TERM INT; while :; do sleep 0.1; : ${mark}; done) & wait; : ${mark}'], { stdio: 'ignore' });
    cp.spawn('/usr/bin/setsid', ['/bin/sh', '-c', 'trap "" TERM INT; while :; do sleep 0.1; : ${mark}; done'], { stdio: 'ignore', detached: true });
    process.on('SIGTERM', () => {});
    for (;;) await new Promise((resolve) => setTimeout(resolve, 1000));`;

  it('kills all grandchildren exactly at the deadline', async () => {
    const mark = randomUUID();
    const session = await open();
    const deadline = inSeconds(4);
    const reply = runSnippet(session, brood(mark), { phase: 'execute', deadline });
    await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThanOrEqual(3), 3_000);
    expect(await reply).toMatchObject({ ok: false, fault: { code: 'timeout' } });
    const late = Date.now() - deadline.getTime();
    expect(late).toBeGreaterThan(-50);
    expect(late).toBeLessThan(1_000);
    await session.close();
    expect(processesWith(mark)).toEqual([]);
  });

  it('kills a step that never yields at its deadline', async () => {
    const deadline = inSeconds(1);
    const reply = await runSnippet(await open(), 'for (;;) {}', { deadline });
    expect(reply).toMatchObject({ ok: false, fault: { code: 'timeout' } });
    expect(Date.now()).toBeLessThan(deadline.getTime() + 300);
  });

  it('stops politely before the deadline, in time for a step to end well', async () => {
    const deadline = inSeconds(6);
    const source = `await new Promise((resolve) => access.signal.addEventListener('abort', resolve)); return 'tidied';`;
    const stop = { signal: 'SIGINT', graceSeconds: 5 } as const;
    const reply = await runSnippet(await open(), source, { phase: 'execute', deadline, stop });
    expect(reply).toEqual({ ok: true, value: 'tidied' });
    expect(deadline.getTime() - Date.now()).toBeGreaterThan(500);
  });

  it('sends the stop signal to the commands that a step runs', async () => {
    const source = `const cp = await load('node:child_process');
      const child = cp.spawn('/bin/sh', ['-c', 'trap "echo interrupted; exit 0" INT; while :; do sleep 0.05; done']);
      let said = ''; child.stdout.on('data', (data) => { said += data; });
      await new Promise((resolve) => child.on('close', resolve)); return said;`;
    const stop = { signal: 'SIGINT', graceSeconds: 1 } as const;
    const reply = await runSnippet(await open(), source, { phase: 'execute', deadline: inSeconds(2), stop });
    expect(reply).toEqual({ ok: true, value: 'interrupted\n' });
  });

  it('runs programs for a writer, bounded in time, memory and output', async () => {
    const session = await open('tool');
    const run = (script: string, options: object) =>
      `return access.runProgram('/bin/bash', ['-c', ${JSON.stringify(script)}], ${JSON.stringify(options)})`;
    const limits = { limitSeconds: 5, memoryMb: 64 };
    const script = 'cat; echo err >&2; echo $PWD; (sleep 60 &) ; exit 3';
    expect(await resultOf(session, run(script, { ...limits, stdin: 'in\n' }))).toEqual({
      ...{ exitCode: 3, signal: null, stdout: 'in\n/work\n', stderr: 'err\n', truncated: false },
    });
    const long = await resultOf<{ stdout: string }>(
      session,
      run('head -c 6000000 /dev/zero | tr "\\0" x', limits),
    );
    expect(long).toMatchObject({ exitCode: 0, truncated: true });
    expect(long.stdout.length).toBe(4 * 1024 * 1024);
    const slow = await resultOf(session, run('sleep 60', { ...limits, limitSeconds: 0.3 }));
    expect(slow).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    const greedy = await resultOf<{ exitCode: number }>(
      session,
      run('x=$(head -c 200000000 /dev/zero | tr "\\0" x); echo $x | wc -c', limits),
    );
    expect(greedy.exitCode).not.toBe(0);
    const missing = `return access.runProgram('/no/such', [], ${JSON.stringify(limits)})`;
    expect(await resultOf(session, missing)).toMatchObject({ exitCode: 127 });
  });

  it('hands the stop signal on to programs', async () => {
    const script = 'trap "echo tidied; exit 0" INT; while :; do sleep 0.05; done';
    const source = `return access.runProgram('/bin/bash', ['-c', '${script}'], { limitSeconds: 10, memoryMb: 64 })`;
    const stop = { signal: 'SIGINT', graceSeconds: 1 } as const;
    const reply = await runSnippet(await open(), source, { phase: 'execute', deadline: inSeconds(2), stop });
    expect(reply).toMatchObject({ ok: true, value: { exitCode: 0, stdout: 'tidied\n' } });
  });

  it('stops at once when the caller gives up', async () => {
    const controller = new AbortController();
    const session = await open();
    const start = Date.now();
    setTimeout(() => controller.abort(), 200);
    const reply = await runSnippet(session, 'await access.sleep(60_000)', { signal: controller.signal });
    expect(reply).toEqual({
      ok: false,
      fault: { code: 'cancelled', message: 'The step was stopped.', retry: 'never' },
    });
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(await runSnippet(session, 'return true')).toMatchObject({ ok: false, fault: { code: 'refused' } });
  });

  it('does not run a call whose caller has given up or whose deadline has passed', async () => {
    const given = await runSnippet(await open(), 'return true', { signal: AbortSignal.abort() });
    expect(given).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
    const late = await runSnippet(await open(), 'return true', { deadline: inSeconds(-1) });
    expect(late).toMatchObject({ ok: false, fault: { code: 'timeout' } });
  });

  it('says so when the step ends by itself', async () => {
    const reply = await runSnippet(await open(), `console.error('topsecret last words'); process.exit(3)`);
    expect(reply).toMatchObject({ ok: false, fault: { code: 'internal' } });
    expect(JSON.stringify(reply)).toContain('exit code 3');
    expect(JSON.stringify(reply)).toContain('*** last words');
  });

  it('turns a result or an input of more than 8 MB into a fault and goes on', async () => {
    const session = await open();
    const big = await runSnippet(session, `return 'x'.repeat(9 * 1024 * 1024)`, { phase: 'execute' });
    expect(big).toMatchObject({ ok: false, fault: { code: 'too-large' } });
    const long = await runSnippet(session, `/* ${'x'.repeat(9 * 1024 * 1024)} */ return 1`);
    expect(long).toMatchObject({ ok: false, fault: { code: 'too-large' } });
    expect(await resultOf(session, 'return 1')).toBe(1);
  });

  it('ends a step that floods the channel or writes nonsense to it', async () => {
    const flood = `const fs = await load('node:fs'); const part = 'x'.repeat(1024 * 1024);
      for (;;) { try { fs.writeSync(3, part); } catch { await new Promise((r) => setTimeout(r, 5)); } }`;
    expect(await runSnippet(await open(), flood)).toMatchObject({ ok: false, fault: { code: 'internal' } });
    const nonsense = `(await load('node:fs')).writeSync(3, '{"type":"reply","id":"x"}\\n'); await new Promise(() => {});`;
    expect(await runSnippet(await open(), nonsense)).toMatchObject({
      ok: false,
      fault: { code: 'internal' },
    });
  });

  it('reads endless output and drops it', async () => {
    const source = `const cp = await load('node:child_process');
      cp.spawnSync('/bin/sh', ['-c', 'head -c 5000000 /dev/zero | tr "\\\\0" x'], { stdio: 'inherit' }); return 'done';`;
    expect(await resultOf(await open(), source)).toBe('done');
  });

  it('hands out a process once, with a folder of its own', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    await resultOf(
      one,
      `globalThis.left = 'behind'; (await load('node:fs')).writeFileSync('/work/left', 'behind')`,
    );
    const seen = `return [globalThis.left ?? null, (await load('node:fs')).readdirSync('/work'), process.getuid()]`;
    const [left, files, uid] = await resultOf<[null, string[], number]>(two, seen);
    expect([left, files]).toEqual([null, []]);
    // Pods are apart by themselves, and have one account.
    const accounts = kind.name === 'bubblewrap' && process.getuid?.() === 0;
    expect(await resultOf(one, 'return process.getuid()')).not.toBe(accounts ? uid : -1);
    await Promise.all([one.close(), two.close()]);
    const third = await open();
    expect((await resultOf<unknown[]>(third, seen)).slice(0, 2)).toEqual([null, []]);
  });

  it('runs one write of code and no more', async () => {
    const session = await open('code');
    expect(await runSnippet(session, 'return true')).toEqual({ ok: true, value: 'yes' });
    expect(await resultOf(session, 'return 1')).toBe(1);
    expect(await runSnippet(session, 'return true')).toMatchObject({ ok: false, fault: { code: 'refused' } });
  });

  it('passes progress on, redacted, in order', async () => {
    const lines: string[] = [];
    const source = `access.report('one topsecret'); access.report('two'); return true`;
    await runSnippet(await open(), source, { onProgress: (line) => lines.push(line) });
    expect(lines).toEqual(['one ***', 'two']);
  });

  it('runs calls one after the other', async () => {
    const session = await open();
    const slow = resultOf(session, `await access.sleep(200); globalThis.order = ['slow']; return 1`);
    const fast = resultOf(session, `globalThis.order.push('fast'); return globalThis.order`);
    expect(await slow).toBe(1);
    expect(await fast).toEqual(['slow', 'fast']);
  });

  it('answers bad arguments and unknown operations with faults', async () => {
    const session = await open();
    const options = {
      grant: { connections: [] },
      deadline: inSeconds(5),
      memoryMb: 128,
      stop: { signal: 'SIGTERM', graceSeconds: 1 },
    } as const;
    const unknown = await session.call({ operation: 'test.none', phase: 'preview', args: {} }, options);
    expect(unknown).toMatchObject({ ok: false, fault: { code: 'not-found' } });
    const bad = await session.call(
      { operation: 'test.snippet', phase: 'preview', args: { input: 1 } },
      options,
    );
    expect(bad).toMatchObject({ ok: false, fault: { code: 'bad-request' } });
  });
});

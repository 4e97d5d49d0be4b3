import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ProgramResult, RunProgram } from '../../domain/ports/reader.ts';
import { readLines } from '../lines.ts';

/** Kept of each of the two outputs. */
const keptBytes = 4 * 1024 * 1024;
const longestLine = 1024 * 1024;
/** How long what a program left behind may hold its output open. */
const afterExitMilliseconds = 500;

/** Bounds the data of each process, then becomes the program. A bound on address space would break WebAssembly. */
const boundScript = 'ulimit -d "$1" || exit 126; shift; exec "$@"';

/** The signal that a step was stopped with is the reason of its abort signal. */
export type StopReason = { stop: NodeJS.Signals };

/**
 * Runs programs in the step's work folder with the step's clean environment, each in a process group of its own. When
 * the step is stopped the group gets the same signal; when the program, its time or the call has ended, the rest of
 * the group is killed. A program that does not exist ends with exit code 127.
 */
export function createRunProgram(
  workFolder: string,
  signal: AbortSignal,
  ended: AbortSignal = new AbortController().signal,
): RunProgram {
  return async (program, args, options) => {
    const { limitSeconds, memoryMb, stdin = '', env = {}, cwd = workFolder, onLine } = options;
    signal.throwIfAborted();
    const bound = String(Math.round(memoryMb * 1024));
    const child = spawn('/bin/sh', ['-c', boundScript, 'sh', bound, program, ...args], {
      cwd,
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => {});
    if (typeof stdin === 'string') child.stdin.end(stdin);
    else stdin({ write: (text) => void child.stdin.write(text), end: () => void child.stdin.end() });
    if (onLine !== undefined) readLines(child.stdout, longestLine, onLine, () => undefined);
    const outputs = [collect(child.stdout), collect(child.stderr)] as const;
    const onStop = (): void => send(child, (signal.reason as Partial<StopReason>)?.stop ?? 'SIGTERM');
    signal.addEventListener('abort', onStop, { once: true });
    const onEnd = (): void => send(child, 'SIGKILL');
    ended.addEventListener('abort', onEnd, { once: true });
    options.signal?.addEventListener('abort', onEnd, { once: true });
    const timer = setTimeout(() => send(child, 'SIGKILL'), limitSeconds * 1000);
    try {
      const ending = await endingOf(child);
      const [stdout, stderr] = outputs.map((output) => output());
      const truncated = stdout?.truncated === true || stderr?.truncated === true;
      return { ...ending, stdout: stdout?.text ?? '', stderr: stderr?.text ?? '', truncated };
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onEnd);
      signal.removeEventListener('abort', onStop);
      ended.removeEventListener('abort', onEnd);
    }
  };
}

function endingOf(child: ChildProcess): Promise<Pick<ProgramResult, 'exitCode' | 'signal'>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      const done = (): void => resolve({ exitCode, signal });
      child.once('close', done);
      send(child, 'SIGKILL');
      setTimeout(() => {
        for (const stream of [child.stdout, child.stderr]) stream?.destroy();
        done();
      }, afterExitMilliseconds).unref();
    });
  });
}

function send(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

/** Keeps the start of an output and reads on, so that the program is not held up. */
function collect(stream: Readable): () => { text: string; truncated: boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    if (size < keptBytes) chunks.push(chunk.subarray(0, keptBytes - size));
    size += chunk.length;
  });
  return () => ({ text: Buffer.concat(chunks).toString('utf8'), truncated: size > keptBytes });
}

import { createInterface } from 'node:readline/promises';
import type { StartFlags } from '../cli/local-commands.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import { banner } from './banner.ts';
import { type Running, startReign } from './start.ts';

/** `reign start`: runs until it is told to stop, then drains. @returns the exit code. */
export async function run(flags: StartFlags): Promise<number> {
  try {
    return await runUntilStopped(flags);
  } finally {
    // All of Reign has stopped by now; a library that still waits for a silent server keeps no process alive.
    setTimeout(() => process.exit(), lingeringMs).unref();
  }
}

const lingeringMs = 2_000;

async function runUntilStopped(flags: StartFlags): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const config = loadConfig({
    cwd: process.cwd(),
    env: process.env,
    file: flags.config,
    dataDir: flags.data,
    port: flags.port === undefined ? undefined : portOf(flags.port),
    role: flags.role === undefined ? undefined : roleOf(flags.role),
  });
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const stopped = stopRequest();
  const started = Date.now();
  const running = await startReign({
    config,
    env: process.env,
    say,
    install: flags.install ? 'ask' : 'never',
    ...(terminal ? { ask } : {}),
  });
  say(await banner(config, running, Date.now() - started));
  const reason = await stopped;
  say(`${reason}: finishing what runs, then stopping…`);
  await stopWithin(running, 40_000);
  say('Stopped. Everything is kept; `npm start` goes on from here.');
  return 0;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new FaultError('bad-request', `"${text}" is no port; write a number from 0 (any free one) to 65535.`);
}

function roleOf(text: string): Config['role'] {
  if (text === 'all' || text === 'gateway' || text === 'worker') return text;
  throw new FaultError('bad-request', `"${text}" is no role; write all, gateway or worker.`);
}

async function ask(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^(y|yes|)$/i.test((await prompt.question(`${question} [Y/n] `)).trim());
  } finally {
    prompt.close();
  }
}

/** Resolves at the first Ctrl-C or SIGTERM; the second one ends at once, and the leases clear up. */
function stopRequest(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: string) => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal === 'SIGINT' ? 'Ctrl-C' : signal);
    };
    process.on('SIGINT', () => stop('SIGINT'));
    process.on('SIGTERM', () => stop('SIGTERM'));
  });
}

async function stopWithin(running: Running, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => process.exit(1), milliseconds);
  await running.stop();
  clearTimeout(timer);
}

import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { childEnvironment } from './child-environment.ts';
import { fileErrorCode } from './service-error.ts';
import { waitFor } from './wait.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it was born, in the words of the kernel; compared only for equality. */
  born: string;
}

/** The identity of a living process; undefined when there is none (a zombie is not alive). */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const born = process.platform === 'linux' ? await bornOnLinux(pid) : await askPs(pid, 'lstart');
  return born === undefined ? undefined : { pid, born };
}

/** Whether that very process still lives. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.born === identity.born;
}

/** The words a process was started with; empty when it is gone. */
export async function commandLine(pid: number): Promise<string[]> {
  if (process.platform !== 'linux') return (await askPs(pid, 'args'))?.split(' ') ?? [];
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').filter((word) => word !== '');
}

/**
 * Ends one process with a ladder of signals, each with its time to work. True once it is gone.
 * The identity is checked before every signal: a reused pid is never hit.
 */
export async function endProcess(
  identity: ProcessIdentity,
  ladder: readonly { signal: NodeJS.Signals; seconds: number }[],
): Promise<boolean> {
  for (const { signal, seconds } of ladder) {
    if (!(await isAlive(identity))) return true;
    sendSignal(identity.pid, signal);
    const gone = await waitFor(async () => ((await isAlive(identity)) ? undefined : true), {
      milliseconds: seconds * 1000,
    });
    if (gone) return true;
  }
  return false;
}

async function bornOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field is the name in brackets and may hold anything, so count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticksSinceBoot] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || ticksSinceBoot === undefined) return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}/${ticksSinceBoot}`;
}

async function askPs(pid: number, column: 'lstart' | 'args'): Promise<string | undefined> {
  const answer = await execa('ps', ['-o', `${column}=`, '-p', String(pid)], {
    reject: false,
    env: childEnvironment(),
    extendEnv: false,
  });
  return answer.exitCode === 0 && answer.stdout.trim() !== '' ? answer.stdout.trim() : undefined;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (fileErrorCode(error) !== 'ESRCH') throw error;
  }
}

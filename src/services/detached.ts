import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Account } from './accounts.ts';
import { childEnvironment } from './child-environment.ts';
import { readRecord } from './data-dir.ts';
import { openLog, readLog } from './logs.ts';
import type { ProcessIdentity } from './processes.ts';
import { identify, isAlive } from './processes.ts';
import { diskFull, fileErrorCode, ServiceError } from './service-error.ts';

export interface DetachedOptions {
  command: string;
  arguments: readonly string[];
  folder: string;
  logFile: string;
  /** Where to note the process, so that the next start finds it. Postgres keeps such a file itself. */
  pidFile?: string;
  /** A file that becomes its standard input. */
  inputFile?: string;
  account?: Account | undefined;
}

export interface DetachedProcess {
  identity: ProcessIdentity;
  /** What this very process has written so far. */
  output(): Promise<string>;
}

/**
 * Starts a helper that outlives us: a session of its own, output to a log file, no pipe to us, and an
 * environment from the allow-list. A helper that ends at once is returned like one that lives: ask `isAlive`.
 */
export async function startDetached(options: DetachedOptions): Promise<DetachedProcess> {
  const log = await openLog(options.logFile);
  const input = options.inputFile === undefined ? undefined : await open(options.inputFile, 'r');
  let child: ChildProcess | undefined;
  try {
    child = spawn(options.command, [...options.arguments], {
      cwd: options.folder,
      detached: true,
      stdio: [input?.fd ?? 'ignore', log.handle.fd, log.handle.fd],
      env: childEnvironment(),
      ...(options.account ? { uid: options.account.uid, gid: options.account.gid } : {}),
    });
    const spawned = once(child, 'spawn');
    // Awaited below; until then a failure must not count as unhandled.
    spawned.catch(() => {});
    const pid = child.pid;
    const identity = pid === undefined ? undefined : ((await identify(pid)) ?? { pid, born: 'gone' });
    if (identity && options.pidFile)
      writeFileSync(options.pidFile, JSON.stringify(identity), { mode: 0o600 });
    await spawned;
    child.unref();
    if (!identity) throw new Error('no process');
    return { identity, output: () => readLog(options.logFile, log.start) };
  } catch (error) {
    // A helper that could not be noted would never be found again.
    child?.kill('SIGKILL');
    if (fileErrorCode(error) === 'ENOSPC') throw diskFull(options.folder, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError('process-not-started', `Could not start ${options.command}: ${reason}`, error);
  } finally {
    await input?.close();
    await log.handle.close();
  }
}

/** The living process that `startDetached` noted in this file, if it is that very one. */
export async function findDetached(pidFile: string): Promise<ProcessIdentity | undefined> {
  const record = await readRecord(pidFile);
  if (typeof record?.pid !== 'number' || typeof record.born !== 'string') return undefined;
  const identity = { pid: record.pid, born: record.born };
  return (await isAlive(identity)) ? identity : undefined;
}

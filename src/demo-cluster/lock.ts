import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes a folder for this process; a second taker is refused for as long as the first one lives. A lock left
 * by a process that is gone is taken over. Returns how to let go.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (tryCreate(file, own)) return () => release(file, own);
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) {
      throw new Error(
        `demo cluster: ${folder} is in use by process ${holder.pid}; stop it first or use another folder`,
      );
    }
    setAside(file, holder);
  }
  throw new Error(`demo cluster: ${folder} could not be locked; another process is starting on it`);
}

interface Holder {
  pid: number;
  started: string;
  text: string;
}

/** Puts the lock there with its content in one step, so that nobody sees an empty one. */
function tryCreate(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { ...(JSON.parse(text) as Omit<Holder, 'text'>), text };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // The number may have gone to another process since.
  return startOf(pid) === started;
}

/** Moves a dead lock away; if somebody renewed it in between, theirs is put back. */
function setAside(file: string, holder: Holder | undefined): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && moved.text !== holder?.text) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function release(file: string, own: string): void {
  if (readHolder(file)?.text === own) rmSync(file, { force: true });
}

/** When a process started, in ticks; `ended` for one that only waits to be collected, empty where nothing tells. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

import { randomUUID } from 'node:crypto';
import { access, link, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDataDir, readRecord, writePrivately } from './data-dir.ts';
import { identify, isAlive } from './processes.ts';
import { fileErrorCode, ServiceError } from './service-error.ts';

export interface DataDirHold {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  born: string;
  nonce: string;
}

const heldByUs = new Map<string, { holds: number; nonce: Promise<string> }>();

/**
 * Makes this process the only Reign on a data folder until `release` (or its death: a lock left by a kill -9
 * is taken over). Throws `data-dir-in-use` while another living process holds it.
 * Within one process holds add up: the folder is free again after the last release.
 */
export async function holdDataDir(dataDir: string): Promise<DataDirHold> {
  const folder = await prepareDataDir(dataDir);
  const hold = heldByUs.get(folder) ?? { holds: 0, nonce: acquire(folder) };
  hold.holds += 1;
  heldByUs.set(folder, hold);
  let released = false;
  const release = async (): Promise<void> => {
    if (released) return;
    released = true;
    hold.holds -= 1;
    if (hold.holds > 0) return;
    heldByUs.delete(folder);
    const nonce = await hold.nonce.catch(() => undefined);
    if ((await readHolder(join(folder, 'lock')))?.nonce === nonce)
      await rm(join(folder, 'lock'), { force: true });
  };
  try {
    await hold.nonce;
  } catch (error) {
    released = true;
    hold.holds -= 1;
    if (heldByUs.get(folder) === hold) heldByUs.delete(folder);
    throw error;
  }
  return { release };
}

/**
 * Every lock has a nonce, and the successor of a dead one is the single process that manages to link
 * `lock.after-<nonce>`. It then replaces `lock` and only afterwards removes the chain, so somebody who read the
 * old `lock` either fails to link or sees, on looking again, that `lock` has changed.
 */
async function acquire(folder: string): Promise<string> {
  const lock = join(folder, 'lock');
  const after = (nonce: string): string => join(folder, `lock.after-${nonce}`);
  const me: Holder = {
    pid: process.pid,
    born: (await identify(process.pid))?.born ?? '',
    nonce: randomUUID(),
  };
  const draft = join(folder, `lock.draft-${me.nonce}`);
  await writePrivately(draft, `${JSON.stringify({ ...me, since: new Date().toISOString() })}\n`);
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      if (await linkUnlessThere(draft, lock)) return me.nonce;
      const chain: Holder[] = [];
      for (let next = await readHolder(lock); next; next = await readHolder(after(next.nonce)))
        chain.push(next);
      const [first, last] = [chain[0], chain.at(-1)];
      if (!first || !last) continue;
      if (await isAlive(last)) throw inUse(folder, last.pid);
      if (!(await linkUnlessThere(draft, after(last.nonce)))) continue;
      if ((await readHolder(lock))?.nonce !== first.nonce) {
        await rm(after(last.nonce), { force: true });
        continue;
      }
      await rename(draft, lock);
      for (const dead of chain) await rm(after(dead.nonce), { force: true });
      return me.nonce;
    }
    throw inUse(folder);
  } finally {
    await rm(draft, { force: true });
  }
}

async function linkUnlessThere(draft: string, target: string): Promise<boolean> {
  try {
    await link(draft, target);
    return true;
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when there is no such file; a file that a machine crash cut short counts as a dead holder's. */
async function readHolder(file: string): Promise<Holder | undefined> {
  const record = await readRecord(file);
  if (record && typeof record.pid === 'number' && typeof record.born === 'string') {
    if (typeof record.nonce === 'string') return { pid: record.pid, born: record.born, nonce: record.nonce };
  }
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return isThere ? { pid: 0, born: '', nonce: 'unreadable' } : undefined;
}

function inUse(folder: string, pid?: number): ServiceError {
  return new ServiceError(
    'data-dir-in-use',
    `Another Reign ${pid ? `(process ${pid}) ` : ''}is already running on ${folder}. ` +
      'Stop it first, or give this one a folder of its own with --data DIR.',
  );
}

import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** How often a worker says that it lives, and after how long without a word it does not; milliseconds. */
const beatMs = 5_000;
const silentMs = 30_000;
/** What a worker has left behind that was killed is taken away after this long. */
const forgottenMs = 24 * 3_600_000;

const prefix = 'worker.alive-';

/**
 * Writes a file of this worker's own into the data folder while its event loop runs; `isBeating` sees it from another
 * process. Workers of several machines or containers may share the folder.
 */
export async function startHeartbeat(dataDir: string): Promise<{ stop(): Promise<void> }> {
  await forget(dataDir);
  const file = path.join(dataDir, `${ofThisHost}${process.pid}`);
  const beat = () => writeFile(file, '', { mode: 0o600 });
  await beat();
  const timer = setInterval(() => void beat().catch(() => {}), beatMs);
  return {
    async stop() {
      clearInterval(timer);
      await rm(file, { force: true });
    },
  };
}

/** Whether a worker of this machine or container with this data folder has said within half a minute that it lives. */
export async function isBeating(dataDir: string): Promise<boolean> {
  const ages = await agesOf(dataDir, ofThisHost);
  return [...ages.values()].some((age) => age < silentMs);
}

const ofThisHost = `${prefix}${os.hostname()}-`;

async function forget(dataDir: string): Promise<void> {
  for (const [file, age] of await agesOf(dataDir, prefix))
    if (age > forgottenMs) await rm(file, { force: true });
}

async function agesOf(dataDir: string, start: string): Promise<Map<string, number>> {
  const names = (await readdir(dataDir).catch(() => [])).filter((name) => name.startsWith(start));
  const ages = new Map<string, number>();
  for (const name of names) {
    const file = path.join(dataDir, name);
    const seen = await stat(file).catch(() => undefined);
    if (seen) ages.set(file, Date.now() - seen.mtimeMs);
  }
  return ages;
}

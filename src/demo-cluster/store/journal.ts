import { mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KubeObject } from '../types.ts';

/** One stored change: an object as it is after the write, or its removal. */
export type Entry =
  | { revision: number; type: 'put'; resource: string; object: KubeObject }
  | { revision: number; type: 'delete'; resource: string; key: string };

export interface Snapshot {
  revision: number;
  objects: { resource: string; object: KubeObject }[];
}

export interface Journal {
  /** Appends the entries and returns once they are on the disk. */
  append(entries: Entry[]): Promise<void>;
  /** Replaces what is stored by the snapshot; a crash on the way loses nothing. */
  compact(snapshot: Snapshot): Promise<void>;
  /** Whether the journal has grown enough to be worth compacting. */
  isLarge(): boolean;
  close(): Promise<void>;
}

const compactAboveBytes = 4_000_000;

/** Opens the journal of a folder and reads what it holds. */
export async function openJournal(
  folder: string,
): Promise<{ journal: Journal; snapshot: Snapshot; entries: Entry[] }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'journal.jsonl');
  const snapshot = readSnapshot(join(folder, 'snapshot.json'));
  const { entries, goodBytes, tornBytes } = readEntries(file);
  // A torn last line was never acknowledged; cut it off so that the next line starts cleanly.
  if (tornBytes > 0) truncateSync(file, goodBytes);
  const handle = await open(file, 'a', 0o600);
  await syncFolder(folder);
  await syncFolder(dirname(folder));
  const journal = makeJournal(folder, handle, goodBytes);
  return { journal, snapshot, entries: entries.filter((entry) => entry.revision > snapshot.revision) };
}

function makeJournal(folder: string, handle: FileHandle, startBytes: number): Journal {
  let bytes = startBytes;
  return {
    async append(entries) {
      const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      await handle.appendFile(lines);
      await handle.datasync();
      bytes += lines.length;
    },
    async compact(snapshot) {
      await writeDurably(join(folder, 'snapshot.json'), JSON.stringify(snapshot));
      // From here on every line of the journal is older than the snapshot, and reading skips it.
      await handle.truncate(0);
      await handle.datasync();
      bytes = 0;
    },
    isLarge: () => bytes > compactAboveBytes,
    close: () => handle.close(),
  };
}

/** Writes a file so that after a crash it is either the old one or the new one. Mode 0600. */
export async function writeDurably(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(dirname(file));
}

function readSnapshot(file: string): Snapshot {
  const content = readIfThere(file);
  return content === undefined
    ? { revision: 0, objects: [] }
    : (JSON.parse(content.toString('utf8')) as Snapshot);
}

function readEntries(file: string): { entries: Entry[]; goodBytes: number; tornBytes: number } {
  const content = readIfThere(file) ?? Buffer.alloc(0);
  const entries: Entry[] = [];
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf(10, start);
    const entry = end === -1 ? undefined : parseEntry(content.subarray(start, end));
    if (entry === undefined) {
      const isLastLine = end === -1 || end === content.length - 1;
      if (!isLastLine)
        throw new Error(`demo cluster: ${file} is damaged at byte ${start}; remove the folder to start anew`);
      break;
    }
    entries.push(entry);
    start = end + 1;
  }
  return { entries, goodBytes: start, tornBytes: content.length - start };
}

function parseEntry(line: Buffer): Entry | undefined {
  try {
    return JSON.parse(line.toString('utf8')) as Entry;
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import type { FileHandle } from 'node:fs/promises';
import { open, rename, stat } from 'node:fs/promises';

const rotateAbove = 10 * 1024 * 1024;

/** Opens a helper's log for appending (mode 0600); one above 10 MB becomes `.1` first. Says where new text begins. */
export async function openLog(file: string): Promise<{ handle: FileHandle; start: number }> {
  const size = await sizeOf(file);
  if (size > rotateAbove) await rename(file, `${file}.1`);
  const handle = await open(file, 'a', 0o600);
  return { handle, start: size > rotateAbove ? 0 : size };
}

/** What was written to a log since a position, at most the last 8,000 bytes. */
export async function readLog(file: string, start: number): Promise<string> {
  const size = await sizeOf(file);
  const from = Math.max(start, size - 8000);
  if (size <= from) return '';
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** The last lines of a log in one line, for an error message. */
export function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-3).join(' | ').slice(-600);
}

async function sizeOf(file: string): Promise<number> {
  return await stat(file).then(
    (found) => found.size,
    () => 0,
  );
}

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type FileOut = { path: string; size: number; text?: string | undefined; cut?: boolean | undefined };

const mostFiles = 50;
const largestText = 16 * 1024;
const largestInAll = 64 * 1024;

/** What a script has left in a folder: text up to a bound, everything else by name and size. Links are not followed. */
export async function filesOut(folder: string): Promise<{ files: FileOut[]; more: number }> {
  const real = await lstat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const all = real ? await below(folder, '') : [];
  const files: FileOut[] = [];
  let room = largestInAll;
  for (const { path, size } of all.slice(0, mostFiles)) {
    const text = room <= 0 ? undefined : await textOf(join(folder, path), Math.min(largestText, room));
    room -= text?.length ?? 0;
    const cut = text !== undefined && Buffer.byteLength(text) < size;
    files.push({ path, size, ...(text === undefined ? {} : { text }), ...(cut ? { cut } : {}) });
  }
  return { files, more: Math.max(0, all.length - mostFiles) };
}

/** In the order of their names; what is neither a file nor a folder is left out. */
async function below(folder: string, inside: string): Promise<{ path: string; size: number }[]> {
  const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch(() => []);
  const found: { path: string; size: number }[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await below(folder, path)));
    else if (entry.isFile()) found.push({ path, size: (await lstat(join(folder, path))).size });
    if (found.length > 10_000) break;
  }
  return found;
}

/** Undefined for what is no text. */
async function textOf(file: string, most: number): Promise<string | undefined> {
  const size = (await lstat(file)).size;
  if (size > 8 * 1024 * 1024) return undefined;
  const bytes = await readFile(file);
  const part = bytes.subarray(0, most);
  if (bytes.includes(0)) return undefined;
  try {
    // A character may be cut in two at the end of the part.
    return new TextDecoder('utf-8', { fatal: true }).decode(part, { stream: part.length < bytes.length });
  } catch {
    return undefined;
  }
}

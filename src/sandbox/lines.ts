import type { Readable } from 'node:stream';

/**
 * Calls `onLine` for each line of a stream, without its line end. A line of more than `limit` bytes is not kept:
 * `onOverflow` is called once and nothing is read after that.
 */
export function readLines(
  stream: Readable,
  limit: number,
  onLine: (line: string) => void,
  onOverflow: () => void,
): void {
  let parts: Buffer[] = [];
  let size = 0;
  let full = false;
  const take = (part: Buffer): void => {
    parts.push(part);
    size += part.length;
  };
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    while (!full) {
      const end = chunk.indexOf(10, from);
      take(chunk.subarray(from, end === -1 ? undefined : end));
      if (size > limit) {
        full = true;
        parts = [];
        onOverflow();
      } else if (end === -1) return;
      else {
        const line = parts.length === 1 ? String(parts[0]) : Buffer.concat(parts, size).toString('utf8');
        parts = [];
        size = 0;
        from = end + 1;
        if (line !== '') onLine(line);
      }
    }
  });
  // It may have been paused until somebody reads.
  stream.resume();
}

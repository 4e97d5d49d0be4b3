import type { Readable } from 'node:stream';
import type { Logger } from '../domain/ports/runtime.ts';

/** All that is kept of what one child writes to its output. */
const keptBytes = 256 * 1024;
const tailLines = 6;
const longestLine = 2000;

export type Capture = {
  read(stream: Readable): void;
  /** The last lines, for a message; empty when there are none. */
  tail(): string;
};

/** Logs what a child writes at debug level, redacted, and at most 256 kB of it. The rest is read and dropped. */
export function createCapture(redact: (text: string) => string, logger: Logger): Capture {
  let left = keptBytes;
  const last: string[] = [];
  const take = (text: string): void => {
    const line = redact(text.slice(0, longestLine));
    last.push(line);
    if (last.length > tailLines) last.shift();
    logger.debug({ line }, 'output of a step');
  };
  return {
    read(stream) {
      let rest = '';
      stream.on('data', (chunk: Buffer) => {
        if (left <= 0) return;
        const lines = (rest + chunk.subarray(0, left).toString('utf8')).split('\n');
        left -= chunk.length;
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.trim() !== '') take(line);
        if (left <= 0) logger.debug({}, 'the rest of the output of a step is dropped');
      });
      stream.on('end', () => rest.trim() !== '' && take(rest));
      stream.on('error', () => {});
    },
    tail: () => (last.length === 0 ? '' : ` Its last output: ${last.join(' | ')}`),
  };
}

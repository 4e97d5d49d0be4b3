import { AsyncResource } from 'node:async_hooks';
import type { Readable } from 'node:stream';
import type { Logger } from '../domain/ports/runtime.ts';

/** All that is kept of what one child writes to its output. */
const keptBytes = 256 * 1024;
const tailLines = 6;
const longestLine = 2000;

export type Capture = {
  read(stream: Readable): void;
  /** From now on lines are logged as part of what is under way here. */
  follow(): void;
  /** The last lines, for a message; empty when there are none. */
  tail(): string;
};

/** Logs what a child writes at debug level, redacted, and at most 256 kB of it. The rest is read and dropped. */
export function createCapture(redact: (text: string) => string, logger: Logger): Capture {
  let left = keptBytes;
  const last: string[] = [];
  let log = (fields: object, text: string): void => logger.debug(fields, text);
  const take = (text: string): void => {
    const line = redact(text.slice(0, longestLine));
    last.push(line);
    if (last.length > tailLines) last.shift();
    log({ line }, 'output of a step');
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
        if (left <= 0) log({}, 'the rest of the output of a step is dropped');
      });
      stream.on('end', () => rest.trim() !== '' && take(rest));
      stream.on('error', () => {});
      stream.resume();
    },
    follow() {
      log = AsyncResource.bind((fields: object, text: string) => logger.debug(fields, text));
    },
    tail: () => (last.length === 0 ? '' : ` Its last output: ${last.join(' | ')}`),
  };
}

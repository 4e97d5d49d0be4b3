import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../domain/ports/runtime.ts';

/** JSON lines: `level`, `time`, the fields and `msg`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino({ level, base: null }, destination ?? pino.destination({ dest: 2, sync: false }));
}

/** JSON lines in a file; for `reign start` on a terminal, where the screen belongs to the banner. */
export function createFileLogger(level: string, file: string): Logger {
  return pino({ level, base: null }, pino.destination({ dest: file, mkdir: true, sync: false }));
}

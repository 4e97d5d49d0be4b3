import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../domain/ports/runtime.ts';
import { logFields } from './scope.ts';

/**
 * JSON lines on standard error, or in a file: `level`, `time`, the fields and `msg`; and `message`, `plan`, `step`,
 * `trace_id` and `span_id` of what is under way.
 */
export function createLogger(level: string, destination?: DestinationStream | { file: string }): Logger {
  const stream =
    destination !== undefined && 'file' in destination
      ? pino.destination({ dest: destination.file, mkdir: true, sync: false })
      : destination;
  // A field of the line itself wins over what is under way.
  const mixinMergeStrategy = (line: object, around: object) => ({ ...around, ...line });
  return pino(
    { level, base: null, mixin: logFields, mixinMergeStrategy },
    stream ?? pino.destination({ dest: 2, sync: false }),
  );
}

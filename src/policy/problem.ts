import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { FaultError } from '../domain/fault.ts';
import type { PolicyFile } from './package-files.ts';

/** What is wrong with a file of rules. `line` and `column` count from 1. A warning does not stop a start. */
export type PolicyProblem = {
  severity: 'error' | 'warning';
  path: string;
  line: number;
  column: number;
  message: string;
};

/** The rules cannot be used; `problems` lists all that is wrong. */
export class PolicyError extends FaultError {
  readonly problems: readonly PolicyProblem[];
  constructor(problems: readonly PolicyProblem[]) {
    super('bad-request', `The policy cannot be used:\n${problems.map(formatProblem).join('\n')}`);
    this.name = 'PolicyError';
    this.problems = problems;
  }
}

/** `path:line:column: message`, as editors and terminals link it. */
export function formatProblem({ severity, path, line, column, message }: PolicyProblem): string {
  return `${path}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

/** Cedar's errors of one file, with the related ones, each at its line and column. */
export function problemsOf(
  file: PolicyFile,
  errors: readonly DetailedError[],
  severity: PolicyProblem['severity'] = 'error',
): PolicyProblem[] {
  return errors.flatMap((error) => [
    problemAt(file, error.sourceLocations?.[0]?.start ?? 0, wordsOf(error), severity),
    ...problemsOf(file, error.related ?? [], severity),
  ]);
}

/** A problem at an offset in bytes of UTF-8, which is how Cedar counts. */
export function problemAt(
  file: PolicyFile,
  offset: number,
  message: string,
  severity: PolicyProblem['severity'] = 'error',
): PolicyProblem {
  const before = Buffer.from(file.text).subarray(0, offset).toString().split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { severity, path: file.path, line: before.length, column, message };
}

/** Without Cedar's own numbering of rules, which a reader of the file cannot see. */
function wordsOf({ message, help, sourceLocations }: DetailedError): string {
  const label = sourceLocations?.[0]?.label;
  const words = message
    .replace(/^failed to parse policies from string: /, '')
    .replace(/for policy `policy\d+`,? ?/g, '');
  return [words, label, help].filter(Boolean).join('; ');
}

import { FaultError } from '../domain/fault.ts';

/** Where a value came from: a place in a file (counted from 1), or a variable or option by its name. */
export type ConfigSource =
  | { kind: 'file'; file: string; line: number; column: number }
  | { kind: 'variable'; name: string };

export type ConfigProblem = { source: ConfigSource; message: string };

/** The configuration cannot be used; `problems` lists all that is wrong with it. */
export class ConfigError extends FaultError {
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super('bad-request', problems.map(formatConfigProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `reign.yaml:12:5: message`, or `REIGN_SERVER_PORT: message`. */
export function formatConfigProblem({ source, message }: ConfigProblem): string {
  return source.kind === 'file'
    ? `${source.file}:${source.line}:${source.column}: ${message}`
    : `${source.name}: ${message}`;
}

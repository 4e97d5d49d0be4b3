import { FaultError } from '../../domain/fault.ts';
import type { ProgramResult } from '../../domain/ports/reader.ts';
import type { StateAbout } from '../../domain/ports/terraform-states.ts';
import { diagnosticsIn } from './messages.ts';
import { type WorkspaceInput, wordsOf } from './workspace.ts';

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /provider registry|available provider packages|install provider|does not have a package available|required providers/i,
    'Steps have no network, so providers are taken from the folder alone: run `terraform providers mirror terraform.d/plugins` in it, and ask again.',
  ],
  [
    /Failed to download module|Unreadable module directory|Module not installed|registry\.terraform\.io/i,
    'Steps have no network and see this folder alone: modules must lie below it (source = "./modules/…").',
  ],
  [/No value for required variable/i, 'Give it a value in a file like `reign.auto.tfvars` in the folder.'],
  [
    /dependency lock file/i,
    'The lock file must fit what is in terraform.d/plugins: `terraform providers lock`.',
  ],
];

/** What a run of Terraform that failed means for people: its own words, and what to do where that is known. */
export function failureOf(input: WorkspaceInput, what: string, result: ProgramResult): FaultError {
  const { exitCode, signal, stdout, stderr } = result;
  if (exitCode === null) {
    const why = signal === 'SIGKILL' ? 'it took too long, or too much memory' : `it was ended by ${signal}`;
    return new FaultError('timeout', `terraform ${what} did not end: ${why}.`);
  }
  const { errors } = diagnosticsIn(stdout);
  const said = errors.length > 0 ? errors.slice(0, 5).join('\n') : plainLines(`${stderr}\n${stdout}`);
  const hint = hintFor(said);
  const code = /state lock/i.test(said)
    ? 'locked'
    : /plan is stale/i.test(said)
      ? 'world-changed'
      : 'unhealthy';
  const text = `terraform ${what} failed for ${wordsOf(input)}: ${said}`;
  return new FaultError(code, hint === undefined ? text : `${text}\n${hint}`);
}

/** What to do about an error, where that is known. */
export function hintFor(said: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(said))?.[1];
}

/** @throws FaultError `locked` saying who holds the state, since when, and how it is given back */
export function refuseLocked(input: WorkspaceInput, { lock }: StateAbout): void {
  if (lock === null || lock.settled) return;
  const { plan, step, operation, since } = lock;
  const who = plan === undefined ? `step ${step}` : `plan ${plan} (step ${step})`;
  const doing = operation.replace(/^OperationType/, '').toLowerCase() || 'an operation';
  const how = plan === undefined ? '' : ` See \`reign plan show ${plan}\`, or cancel it.`;
  const text = `The state of ${wordsOf(input)} is locked by ${who}, for ${doing}, since ${since}.`;
  throw new FaultError('locked', `${text} It is given back when that step ends.${how}`);
}

/** The box that Terraform draws around its errors is left out. */
function plainLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^[╷│╵]\s?/, '').trim())
    .filter((line) => line !== '');
  const from = lines.findIndex((line) => line.startsWith('Error:'));
  return lines
    .slice(Math.max(from, 0))
    .slice(0, 12)
    .join('\n')
    .replace(/^Error: /, '');
}

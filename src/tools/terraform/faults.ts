import { FaultError } from '../../domain/fault.ts';
import type { StateAbout } from '../../domain/ports/terraform-states.ts';
import type { LockHolder } from './http-lock.ts';
import { diagnosticsIn } from './messages.ts';
import type { RunResult } from './work-copy.ts';
import { type WorkspaceInput, wordsOf } from './workspace.ts';

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /provider registry|available provider packages|install provider|does not have a package available|required providers/i,
    'Providers are taken from the folder (`terraform providers mirror terraform.d/plugins` in it), or from a registry among the hosts of the workspace in reign.yaml.',
  ],
  [
    /Failed to download module|Unreadable module directory|Module not installed|registry\.terraform\.io/i,
    'Steps see this folder, and the hosts of the workspace in reign.yaml: modules must lie below it (source = "./modules/…"), or there.',
  ],
  [/No value for required variable/i, 'Give it a value in a file like `reign.auto.tfvars` in the folder.'],
  [
    /dependency lock file/i,
    'The lock file must fit what is in terraform.d/plugins: `terraform providers lock`.',
  ],
];

/** As Terraform says that its backend did not answer as it should. */
const aboutState =
  /\b(get|load|loading|refresh|refreshing|save|saving|write|writing|persist)\b.{0,20} state\b|state lock/i;

/** What a run of Terraform that failed means for people: its own words, and what to do where that is known. */
export function failureOf(input: WorkspaceInput, what: string, result: RunResult): FaultError {
  const { exitCode, signal, stdout, stderr, fault } = result;
  const { errors } = diagnosticsIn(stdout);
  const said = errors.length > 0 ? errors.slice(0, 5).join('\n') : plainLines(`${stderr}\n${stdout}`);
  if (fault !== undefined && (exitCode === null || aboutState.test(said))) {
    const text = `terraform ${what} could not use the state of ${wordsOf(input)}: ${fault.message}`;
    return new FaultError(fault.code, text);
  }
  if (exitCode === null) {
    const why = signal === 'SIGKILL' ? 'it took too long, or too much memory' : `it was ended by ${signal}`;
    return new FaultError('timeout', `terraform ${what} did not end in time: ${why}.`);
  }
  const hint = hintFor(said);
  const holder = holderIn(said);
  if (holder !== undefined) return lockedBy(input, holder);
  const code = /state lock/i.test(said)
    ? 'locked'
    : /plan is stale/i.test(said)
      ? 'world-changed'
      : 'unhealthy';
  const text = `terraform ${what} failed for ${wordsOf(input)}: ${said}`;
  return new FaultError(code, hint === undefined ? text : `${text}\n${hint}`);
}

/** The state is in a backend of its own, and its lock is held. */
export function lockedBy(
  input: WorkspaceInput,
  { ID, Who, Operation = '', Created }: LockHolder,
): FaultError {
  const doing = Operation.replace(/^OperationType/, '').toLowerCase() || 'an operation';
  const who = Who === undefined ? 'somebody' : `${Who}, for ${doing}`;
  const text = `The state of ${wordsOf(input)} is locked by ${who}, since ${Created ?? 'an unknown time'}.`;
  const how = `If nobody is at work there any more: \`terraform force-unlock ${ID}\`.`;
  return new FaultError('locked', `${text} ${how}`);
}

/** As Terraform says it. Of an `http` backend it tells the id alone: the rest of what it shows is its own wish. */
function holderIn(said: string): LockHolder | undefined {
  const [, other] = /already locked: ID=([^\s"]+)/.exec(said) ?? [];
  if (other !== undefined) return { ID: other };
  const field = (name: string) => new RegExp(`\\b${name}: +(\\S+( [\\d:.]+)?)`).exec(said)?.[1];
  const [ID, Who, Operation, Created] = ['ID', 'Who', 'Operation', 'Created'].map(field);
  if (!/state lock/i.test(said) || ID === undefined || Who === undefined) return undefined;
  return { ID, Who, ...(Operation ? { Operation } : {}), ...(Created ? { Created } : {}) };
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

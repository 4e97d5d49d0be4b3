import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import type { Listing } from '../../domain/ports/files.ts';
import type { ProgramResult, Reader } from '../../domain/ports/reader.ts';
import { failureOf } from './faults.ts';
import { openStates, type States } from './states.ts';
import type { WorkspaceInput } from './workspace.ts';

export const memoryMb = 1024;
const initSeconds = 60;

export type Run = (
  args: readonly string[],
  options?: { limitSeconds?: number; onLine?: (line: string) => void },
) => Promise<ProgramResult>;

/** The files of a workspace in the step's own folder, ready for Terraform. */
export type WorkCopy = {
  folder: string;
  /** Changes whenever a file of the configuration does. */
  configuration: string;
  states: States;
  /** Runs `terraform`, or `tofu` where that is missing. @throws FaultError `unsupported` where both are */
  run: Run;
  /** Which of the two was run. */
  program(): string;
};

/**
 * Copies the folder, points Terraform's backend at the state that Reign keeps, initialises, and hands it to `work`.
 * Always the same place: paths are values of a configuration. What only `uses` the files goes on without a provider.
 * @throws FaultError in the words of a failed `init`
 */
export async function withWorkCopy<T>(
  reader: Reader,
  input: WorkspaceInput,
  work: (copy: WorkCopy) => Promise<T>,
  uses: 'state' | 'files' = 'state',
): Promise<T> {
  const base = join(reader.workFolder, 'terraform');
  const folder = join(base, input.environment, input.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const listing = await reader.copyFolder(input.connection, '', folder);
  await refuseUnfit(folder, listing, input);
  const forwarder = await reader.forward(input.connection);
  try {
    await writeFile(join(base, 'terraform.rc'), settings(folder));
    await writeFile(join(folder, overrideName), 'terraform {\n  backend "http" {}\n}\n');
    const { run, program } = runner(reader, folder, environmentFor(base, forwarder.url));
    const initialised = await init(run, listing, uses);
    if (uses === 'state') {
      if (initialised.exitCode !== 0) throw failureOf(input, 'init', initialised);
      await refuseOtherBackend(folder, input);
    }
    const states = openStates(forwarder.url);
    return await work({ folder, configuration: listing.digest, states, run, program });
  } finally {
    forwarder.close();
  }
}

/** Named so that Terraform reads it after the files it overrides. */
const overrideName = 'reign_override.tf';

async function refuseUnfit(folder: string, { files }: Listing, input: WorkspaceInput): Promise<void> {
  const own = files.filter(({ path }) => /\.(tf|tofu)(\.json)?$/.test(path));
  if (!own.some(({ path }) => !path.includes('/')))
    throw new FaultError('not-found', `There are no Terraform files (*.tf) in ${input.path}.`);
  if (files.some(({ path }) => path === overrideName))
    throw new FaultError('conflict', `${overrideName} is a name that Reign uses; rename that file.`);
  for (const { path } of own) {
    const text = await readFile(join(folder, path), 'utf8');
    if (!text.replaceAll(/(#|\/\/).*$/gm, '').includes('terraform.workspace')) continue;
    const why = 'which is always "default" where Reign keeps the state';
    throw new FaultError('unsupported', `${path} uses terraform.workspace, ${why}. Use a variable instead.`);
  }
}

/** Another override file may name another backend: a state that went there would be lost with the step. */
async function refuseOtherBackend(folder: string, { name }: WorkspaceInput): Promise<void> {
  const text = await readFile(join(folder, '.terraform/terraform.tfstate'), 'utf8').catch(() => '{}');
  const { backend } = JSON.parse(text) as { backend?: { type?: string; config?: { address?: unknown } } };
  if (backend?.type === 'http' && (backend.config?.address ?? null) === null) return;
  const how = 'Remove the backend and cloud blocks from its override files';
  throw new FaultError('unsupported', `The state of ${name} would not be kept by Reign. ${how}.`);
}

/** Providers come from the folder alone: without a network, looking elsewhere would only take time. */
function settings(folder: string): string {
  const path = JSON.stringify(join(folder, 'terraform.d/plugins'));
  return `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`;
}

/** The backend's address is not among the files: it is another in each step, and a plan file keeps what files say. */
function environmentFor(base: string, url: string): Record<string, string> {
  return {
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    TF_CLI_CONFIG_FILE: join(base, 'terraform.rc'),
    TF_HTTP_ADDRESS: `${url}/state`,
    TF_HTTP_LOCK_ADDRESS: `${url}/lock`,
    TF_HTTP_UNLOCK_ADDRESS: `${url}/lock`,
    TF_HTTP_RETRY_MAX: '8',
  };
}

function runner(reader: Reader, cwd: string, env: Record<string, string>): Pick<WorkCopy, 'run' | 'program'> {
  const { runProgram } = reader;
  if (runProgram === undefined)
    throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
  let program = 'terraform';
  const start: Run = (args, { limitSeconds = 120, onLine } = {}) =>
    runProgram(program, args, { limitSeconds, memoryMb, env, cwd, ...(onLine ? { onLine } : {}) });
  const run: Run = async (args, options) => {
    const result = await start(args, options);
    if (result.exitCode !== 127) return result;
    const other = program === 'terraform' ? 'tofu' : 'terraform';
    program = other;
    const second = await start(args, options);
    if (second.exitCode !== 127) return second;
    throw new FaultError('unsupported', 'Neither terraform nor tofu is installed where the worker runs.');
  };
  return { run, program: () => program };
}

function init(run: Run, { files }: Listing, uses: 'state' | 'files'): Promise<ProgramResult> {
  const args = ['init', '-input=false', '-no-color'];
  if (uses === 'files') args.push('-backend=false');
  if (files.some(({ path }) => path === '.terraform.lock.hcl')) args.push('-lockfile=readonly');
  return run(args, { limitSeconds: initSeconds });
}

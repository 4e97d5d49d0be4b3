import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceView } from '../../domain/environment.ts';
import { type Fault, FaultError } from '../../domain/fault.ts';
import { faultIn } from '../../domain/fault-in.ts';
import type { Listing } from '../../domain/ports/files.ts';
import type { Forwarder, ProgramResult, Reader } from '../../domain/ports/reader.ts';
import { backendStates, refuseUnfitBackend } from './backend.ts';
import { failureOf } from './faults.ts';
import { prepareOutside } from './outside.ts';
import { openStates, type States } from './states.ts';
import { viewOf, type WorkspaceInput } from './workspace.ts';

export const memoryMb = 1024;
const initSeconds = 60;
/** Where providers may have to be fetched. */
const downloadSeconds = 120;

export type Run = (
  args: readonly string[],
  options?: { limitSeconds?: number; onLine?: (line: string) => void },
) => Promise<RunResult>;

/** `fault`: what the broker told Terraform last; Terraform does not hand its words on. */
export type RunResult = ProgramResult & { fault?: Fault };

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
  /** Why its programs could not reach something, as far as that has happened. */
  refused(): readonly string[];
};

/**
 * Copies the folder, points Terraform's backend at the state that Reign keeps unless it has one of its own, initialises,
 * and hands it to `work`. Always the same place: paths are values of a configuration. What only `uses` the files goes on without a provider.
 * @throws FaultError in the words of a failed `init`
 */
export async function withWorkCopy<T>(
  reader: Reader,
  input: WorkspaceInput,
  work: (copy: WorkCopy) => Promise<T>,
  uses: 'state' | 'files' = 'state',
): Promise<T> {
  const view = viewOf(reader, input);
  const base = join(reader.workFolder, 'terraform');
  const folder = join(base, input.environment, input.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const listing = await reader.copyFolder(input.connection, '', folder);
  await refuseUnfit(folder, listing, input, view);
  const outside = await prepareOutside(base, view);
  const forwarder = await reader.forward(input.connection, outside.mayAsk);
  const { url, refused } = forwarder;
  try {
    await writeFile(join(base, 'terraform.rc'), settings(folder, view));
    if (view.state === 'reign')
      await writeFile(join(folder, overrideName), 'terraform {\n  backend "http" {}\n}\n');
    const env = { ...environmentFor(base, url, view), ...outside.environment(url) };
    const { run, program } = runner(reader, folder, env, forwarder);
    const initialised = await init(run, listing, uses, view);
    const kept = openStates(url);
    const states = view.state === 'reign' ? kept : backendStates(kept, { url, folder, run }, input);
    if (uses === 'state') {
      if (initialised.exitCode !== 0) throw failureOf(input, 'init', initialised);
      await (view.state === 'reign' ? refuseOtherBackend : refuseUnfitBackend)(folder, input);
    }
    return await work({ folder, configuration: listing.digest, states, run, program, refused });
  } finally {
    forwarder.close();
  }
}

/** Named so that Terraform reads it after the files it overrides. */
const overrideName = 'reign_override.tf';

async function refuseUnfit(
  folder: string,
  { files }: Listing,
  input: WorkspaceInput,
  { state }: WorkspaceView,
): Promise<void> {
  const own = files.filter(({ path }) => /\.(tf|tofu)(\.json)?$/.test(path));
  if (!own.some(({ path }) => !path.includes('/')))
    throw new FaultError('not-found', `There are no Terraform files (*.tf) in ${input.path}.`);
  if (files.some(({ path }) => path === overrideName))
    throw new FaultError('conflict', `${overrideName} is a name that Reign uses; rename that file.`);
  for (const { path } of state === 'reign' ? own : []) {
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
  if (backend === undefined)
    throw new FaultError('unhealthy', `terraform init ended well for ${name}, but prepared nothing.`);
  if (backend.type === 'http' && (backend.config?.address ?? null) === null) return;
  const how = 'Remove the backend and cloud blocks from its override files';
  throw new FaultError('unsupported', `The state of ${name} would not be kept by Reign. ${how}.`);
}

/**
 * Providers come from the folder, or from a registry that the workspace may reach: looking elsewhere would only take
 * time.
 */
function settings(folder: string, { hosts = [] }: WorkspaceView): string {
  const path = JSON.stringify(join(folder, 'terraform.d/plugins'));
  const registries = hosts.filter((host) => !host.startsWith('*')).map((host) => `"${host}/*/*"`);
  const direct = registries.length === 0 ? '' : `  direct {\n    include = [${registries.join(', ')}]\n  }\n`;
  const mirror = `  filesystem_mirror {\n    path = ${path}\n  }\n`;
  return `disable_checkpoint = true\nprovider_installation {\n${mirror}${direct}}\n`;
}

/** The backend's address is not among the files: it is another in each step, and a plan file keeps what files say. */
function environmentFor(
  base: string,
  url: string,
  { state, workspace }: WorkspaceView,
): Record<string, string> {
  const usual = {
    ...{ CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0' },
    TF_CLI_CONFIG_FILE: join(base, 'terraform.rc'),
    TF_HTTP_RETRY_MAX: '8',
  };
  if (state === 'backend') return workspace === 'default' ? usual : { ...usual, TF_WORKSPACE: workspace };
  return {
    ...usual,
    TF_HTTP_ADDRESS: `${url}/state`,
    TF_HTTP_LOCK_ADDRESS: `${url}/lock`,
    TF_HTTP_UNLOCK_ADDRESS: `${url}/lock`,
  };
}

function runner(
  reader: Reader,
  cwd: string,
  env: Record<string, string>,
  { failed }: Forwarder,
): Pick<WorkCopy, 'run' | 'program'> {
  const { runProgram } = reader;
  if (runProgram === undefined)
    throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
  let program = 'terraform';
  const start: Run = async (args, { limitSeconds = 120, onLine } = {}) => {
    const bounds = { limitSeconds, memoryMb, env, cwd, ...(onLine ? { onLine } : {}) };
    const before = failed();
    const result = await runProgram(program, args, bounds);
    const answer = failed();
    const fault = answer === undefined || answer === before ? undefined : faultIn(answer.text);
    // Where nothing is kept yet, that is said with a fault as well.
    return fault === undefined || fault.code === 'not-found' ? result : { ...result, fault };
  };
  const run: Run = async (args, options) => {
    const result = await start(args, options);
    if (result.exitCode === 126)
      throw new FaultError(
        'not-allowed',
        `The worker's account has no rights to run ${program}: ${result.stderr.trim()}`,
      );
    if (result.exitCode !== 127) return result;
    const other = program === 'terraform' ? 'tofu' : 'terraform';
    program = other;
    const second = await start(args, options);
    if (second.exitCode !== 127) return second;
    throw new FaultError('unsupported', 'Neither terraform nor tofu is installed where the worker runs.');
  };
  return { run, program: () => program };
}

function init(
  run: Run,
  { files }: Listing,
  uses: 'state' | 'files',
  { hosts }: WorkspaceView,
): Promise<RunResult> {
  const args = ['init', '-input=false', '-no-color'];
  if (uses === 'files') args.push('-backend=false');
  if (files.some(({ path }) => path === '.terraform.lock.hcl')) args.push('-lockfile=readonly');
  return run(args, { limitSeconds: hosts === undefined ? initSeconds : downloadSeconds });
}

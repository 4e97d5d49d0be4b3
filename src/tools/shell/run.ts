import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type EnvironmentView, findEnvironment } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';
import { defineOperation, type Resolution } from '../../domain/operation.ts';
import type { Listing } from '../../domain/ports/files.ts';
import type { ProgramResult, Reader } from '../../domain/ports/reader.ts';
import { askEnvironment } from '../../domain/resolve-environment.ts';
import { listsFor, refusalOf } from './command-lists.ts';
import { type FilesIn, findFiles } from './files-in.ts';
import { type FileOut, filesOut } from './files-out.ts';
import { examples } from './run.examples.ts';
import { scriptRisks } from './script-risks.ts';

const limits = { seconds: 120, memoryMb: 512 };
/** A while before the step itself would be ended, which could not say why. */
const limitSeconds = limits.seconds - 10;
const longestCommand = 16_384;

export const run = defineOperation({
  id: 'shell.run',
  version: 1,
  summary:
    'Runs a shell command or script in a sandbox without network, with files of a configured folder if wanted.',
  request: z.strictObject({
    command: z.string().optional(),
    environment: z.string().optional(),
    files: z.string().optional(),
  }),
  input: z.strictObject({
    command: z.string().min(1).max(longestCommand),
    environment: z.string().optional(),
    files: z.strictObject({ connection: z.string(), path: z.string() }).optional(),
  }),
  output: z.object({
    files: z.array(
      z.object({
        path: z.string(),
        size: z.number(),
        text: z.string().optional(),
        cut: z.boolean().optional(),
      }),
    ),
    more: z.number(),
    exitCode: z.number(),
    stdout: z.string(),
    stderr: z.string(),
    truncated: z.boolean(),
  }),
  effect: 'run-code',
  repeat: 'verify-first',
  previews: 'described',
  examples,
  connections: ['folder'],
  sensitive: true,
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits,
  undo: {
    kind: 'irreversible',
    reason: "A script can do anything; Reign can't know how to undo it.",
  },
  async resolve(request, { environments }) {
    const placed = place(request, environments);
    if (placed.kind !== 'input') return placed;
    const { command, environment } = placed.input;
    const reason = await refusalOf(command, listsFor(environments, environment));
    return reason === undefined ? placed : { kind: 'impossible', reason };
  },
  assess: ({ environment, files }) => ({
    effect: 'run-code',
    targets: [`shell:${environment ?? 'any'}`],
    ...(environment === undefined ? {} : { environment }),
    objects: 1,
    reasons: ['runs code', ...(files === undefined ? [] : [`with the files of ${wordsFor(files)}`])],
  }),
  describe: ({ command, environment, files }) => ({
    title: `Run a shell command${environment === undefined ? '' : ` for ${environment}`}${files === undefined ? '' : ` with the files of ${wordsFor(files)}`}`,
    byHand: command,
  }),
  async preview(input, reader) {
    const { command, files } = input;
    await refuseListed(input, reader);
    const { commands, warnings, raises } = await scriptRisks(command);
    const uses = commands.length === 0 ? '' : `; uses ${commands.join(', ')}`;
    const copied = await copyIn(files, reader);
    const count = copied === undefined ? '' : `, with ${copied.files.length} files`;
    return {
      kind: 'described',
      before: null,
      after: { command, ...(copied === undefined ? {} : { files: copied.files.map(({ path }) => path) }) },
      fingerprint: fingerprintOf(command, copied),
      summary: `runs a script of ${lineCount(command)} in a sandbox without network${count}${uses}`,
      warnings,
      raises,
      server: 'sandbox',
    };
  },
  egress: () => [],
  async execute(input, writer, { approved }) {
    const { command, files } = input;
    const fingerprint = approved?.fingerprint as { script?: string; files?: string } | null | undefined;
    if (fingerprint?.script !== sha256(command))
      throw new FaultError('world-changed', 'This is not the script that was approved. Nothing was run.');
    await refuseListed(input, writer);
    if (writer.runProgram === undefined)
      throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
    const copied = await copyIn(files, writer);
    if (fingerprint.files !== copied?.digest)
      throw new FaultError(
        'world-changed',
        'The files have changed since they were approved. Nothing was run.',
      );
    // Plain bash without -e, as in a terminal: the exit code of the script decides, no profile is read.
    const args = ['--noprofile', '--norc', '-c', command];
    const cwd = folderOf(writer);
    await mkdir(join(cwd, 'out'), { recursive: true });
    const bounds = { limitSeconds, memoryMb: limits.memoryMb, cwd };
    const result = await writer.runProgram('/bin/bash', args, bounds);
    if (result.exitCode !== 0)
      throw new FaultError(result.signal === 'SIGKILL' ? 'timeout' : 'unhealthy', failureText(result));
    const { stdout, stderr, truncated } = result;
    return { exitCode: 0, stdout, stderr, truncated, ...(await filesOut(join(cwd, 'out'))) };
  },
  landed: async () => 'unclear',
  // A script that ends with another code fails in `execute` already.
  verify: async () => ({ state: 'healthy', evidence: 'The script ended with exit code 0.' }),
  render({ stdout, stderr, truncated, files, more }) {
    const parts = [
      stdout.trimEnd(),
      stderr.trim() === '' ? '' : `stderr:\n${stderr.trimEnd()}`,
      truncated ? '(the output was longer and has been cut)' : '',
      ...files.map(fileText),
      more === 0 ? '' : `(and ${more} more files)`,
    ];
    const text = parts.filter((part) => part !== '').join('\n');
    return { kind: 'text', text: text === '' ? 'The script ended without output.' : text };
  },
});

type Request = { command?: string | undefined; environment?: string | undefined; files?: string | undefined };
type Input = { command: string; environment?: string | undefined; files?: FilesIn | undefined };

/** What is to run, and for which environment: the one that was named, or the one that the files belong to. */
function place(
  { command, environment, files }: Request,
  environments: readonly EnvironmentView[],
): Resolution<Input> {
  if (command === undefined || command.trim() === '') {
    const question = { text: 'Which command shall I run?', field: 'command', options: [] };
    return { kind: 'question', question };
  }
  if (command.length > longestCommand)
    return { kind: 'impossible', reason: `The command is longer than ${longestCommand} characters.` };
  const named = environment === undefined ? undefined : findEnvironment(environments, environment);
  if (environment !== undefined && named === undefined) {
    const connections = environments.flatMap((it) => it.connections);
    const text = `There is no environment called "${environment}". Which one do you mean?`;
    return { kind: 'question', question: askEnvironment(text, connections) };
  }
  if (files !== undefined && files.trim() !== '') {
    const found = findFiles(files, environments, named?.name);
    if (found.kind !== 'files') return found;
    return { kind: 'input', input: { command, environment: found.environment, files: found.files } };
  }
  return { kind: 'input', input: named === undefined ? { command } : { command, environment: named.name } };
}

/** The lists may have changed since it was asked for. */
async function refuseListed({ command, environment }: Input, { environments }: Reader): Promise<void> {
  const reason = await refusalOf(command, listsFor(environments, environment));
  if (reason !== undefined) throw new FaultError('refused', reason);
}

function folderOf({ workFolder }: Reader): string {
  return join(workFolder, 'script');
}

/** Puts the files where the script will run; what lay there before is gone. */
async function copyIn(files: FilesIn | undefined, reader: Reader): Promise<Listing | undefined> {
  await rm(folderOf(reader), { recursive: true, force: true });
  if (files === undefined) return undefined;
  return reader.copyFolder(files.connection, files.path, folderOf(reader));
}

function fingerprintOf(command: string, copied: Listing | undefined) {
  return { script: sha256(command), ...(copied === undefined ? {} : { files: copied.digest }) };
}

function wordsFor({ connection, path }: FilesIn): string {
  const name = connection.slice(connection.indexOf(':') + 1);
  return path === '' ? name : `${name}/${path}`;
}

function fileText({ path, size, text, cut }: FileOut): string {
  const head = `out/${path} (${size} bytes)`;
  if (text === undefined) return `${head}: no text, or too much`;
  return `${head}:\n${text.trimEnd()}${cut ? '\n(the rest is left out)' : ''}`;
}

function failureText({ exitCode, signal, stdout, stderr }: ProgramResult): string {
  const killed = `did not end within ${limitSeconds} seconds, or took too much memory, and was killed`;
  const stopped = signal === 'SIGKILL' ? killed : `was ended by ${signal ?? 'a signal'}`;
  const ended = exitCode === null ? stopped : `ended with exit code ${exitCode}`;
  const lines = `${stdout.trimEnd()}\n${stderr.trimEnd()}`.trim().split('\n').slice(-15).join('\n');
  return `The script ${ended}.${lines === '' ? '' : `\n${lines}`}`;
}

function lineCount(command: string): string {
  const lines = command.trim().split('\n').length;
  return lines === 1 ? 'one line' : `${lines} lines`;
}

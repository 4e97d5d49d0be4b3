import { z } from 'zod';
import { findEnvironment } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { ProgramResult } from '../../domain/ports/reader.ts';
import { askEnvironment } from '../../domain/resolve-environment.ts';
import { examples } from './run.examples.ts';
import { scriptRisks } from './script-risks.ts';

const limits = { seconds: 120, memoryMb: 512 };
const longestCommand = 16_384;

export const run = defineOperation({
  id: 'shell.run',
  version: 1,
  summary: 'Runs a shell command in a sandbox without network.',
  request: z.strictObject({ command: z.string().optional(), environment: z.string().optional() }),
  input: z.strictObject({
    command: z.string().min(1).max(longestCommand),
    environment: z.string().optional(),
  }),
  output: z.object({
    exitCode: z.number(),
    stdout: z.string(),
    stderr: z.string(),
    truncated: z.boolean(),
  }),
  effect: 'run-code',
  repeat: 'verify-first',
  previews: 'described',
  examples,
  connections: [],
  sensitive: true,
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits,
  undo: {
    kind: 'irreversible',
    reason: "A script can do anything; Reign can't know how to undo it.",
  },
  async resolve({ command, environment }, { environments }) {
    if (command === undefined || command.trim() === '') {
      return {
        kind: 'question',
        question: { text: 'Which command shall I run?', field: 'command', options: [] },
      };
    }
    if (command.length > longestCommand) {
      return { kind: 'impossible', reason: `The command is longer than ${longestCommand} characters.` };
    }
    if (environment === undefined) return { kind: 'input', input: { command } };
    const found = findEnvironment(environments, environment);
    if (found !== undefined) return { kind: 'input', input: { command, environment: found.name } };
    const connections = environments.flatMap((it) => it.connections);
    const text = `There is no environment called "${environment}". Which one do you mean?`;
    return { kind: 'question', question: askEnvironment(text, connections) };
  },
  assess: ({ environment }) => ({
    effect: 'run-code',
    targets: [`shell:${environment ?? 'any'}`],
    ...(environment === undefined ? {} : { environment }),
    objects: 1,
    reasons: ['runs code'],
  }),
  describe: ({ command, environment }) => ({
    title: `Run a shell command${environment === undefined ? '' : ` for ${environment}`}`,
    byHand: command,
  }),
  async preview({ command }) {
    const { commands, warnings, raises } = await scriptRisks(command);
    const uses = commands.length === 0 ? '' : `; uses ${commands.join(', ')}`;
    return {
      kind: 'described',
      before: null,
      after: { command },
      fingerprint: { script: sha256(command) },
      summary: `runs a script of ${lineCount(command)} in a sandbox without network${uses}`,
      warnings,
      raises,
      server: 'sandbox',
    };
  },
  egress: () => [],
  async execute({ command }, writer, { approved }) {
    const script = (approved?.fingerprint as { script?: string } | null | undefined)?.script;
    if (script !== sha256(command)) {
      throw new FaultError('world-changed', 'This is not the script that was approved. Nothing was run.');
    }
    if (writer.runProgram === undefined) {
      throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
    }
    // Plain bash without -e, as in a terminal: the exit code of the script decides, no profile is read.
    const args = ['--noprofile', '--norc', '-c', command];
    const result = await writer.runProgram('/bin/bash', args, {
      limitSeconds: limits.seconds - 10,
      memoryMb: limits.memoryMb,
    });
    if (result.exitCode !== 0) throw new FaultError('unhealthy', failureText(result));
    const { stdout, stderr, truncated } = result;
    return { exitCode: 0, stdout, stderr, truncated };
  },
  landed: async () => 'unclear',
  // A script that ends with another code fails in `execute` already.
  verify: async () => ({ state: 'healthy', evidence: 'The script ended with exit code 0.' }),
  render({ stdout, stderr, truncated }) {
    const parts = [stdout.trimEnd(), stderr.trim() === '' ? '' : `stderr:\n${stderr.trimEnd()}`];
    const text = parts.filter((part) => part !== '').join('\n');
    const note = truncated ? '\n(the output was longer and has been cut)' : '';
    return { kind: 'text', text: text === '' ? 'The script ended without output.' : `${text}${note}` };
  },
});

function failureText({ exitCode, signal, stdout, stderr }: ProgramResult): string {
  const ended =
    exitCode === null ? `was ended by ${signal ?? 'a signal'}` : `ended with exit code ${exitCode}`;
  const lines = `${stdout.trimEnd()}\n${stderr.trimEnd()}`.trim().split('\n').slice(-15).join('\n');
  return `The script ${ended}.${lines === '' ? '' : `\n${lines}`}`;
}

function lineCount(command: string): string {
  const lines = command.trim().split('\n').length;
  return lines === 1 ? 'one line' : `${lines} lines`;
}

import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { quoteWords, splitWords } from '../../domain/shell-words.ts';
import { changeParts, computedPreview, refuseChanged } from './change.ts';
import { said } from './client.ts';
import { assessContainer, containerInput, openContainer, readState, stateOf } from './container.ts';
import { demultiplex } from './demultiplex.ts';
import { examples } from './exec.examples.ts';
import { locateContainer } from './locate.ts';
import { question } from './place.ts';

const mostBytes = 256 * 1024;

export const exec = defineOperation({
  ...changeParts,
  id: 'docker.exec',
  version: 1,
  summary: 'Runs a command in a running container.',
  effect: 'run-code',
  previews: 'described',
  sensitive: true,
  request: z.strictObject({ name: z.string().optional(), command: z.string().optional() }),
  input: containerInput.extend({ command: z.array(z.string()).min(1).max(200) }),
  output: z.object({ exitCode: z.number(), text: z.string(), truncated: z.boolean() }),
  examples,
  limits: { seconds: 300, memoryMb: 256 },
  undo: { kind: 'irreversible', reason: "A command can do anything; Reign can't know how to undo it." },
  async resolve({ name, command = '' }, reader) {
    const located = await locateContainer({ name }, reader, 'run a command in');
    if (located.kind !== 'input') return located;
    const words = splitWords(command);
    if (words === undefined) return { kind: 'impossible', reason: 'A quote of the command does not end.' };
    if (words.length === 0) return question('command', `Which command shall run in ${located.input.name}?`);
    const { State } = await readState(await openContainer(reader, located.input), located.input);
    if (!State.Running || State.Paused)
      return { kind: 'impossible', reason: `${located.input.name} does not run: nothing can be run in it.` };
    return { kind: 'input', input: { ...located.input, command: words } };
  },
  assess: (input) => assessContainer(input, 'run-code', ['runs a command in the container']),
  describe: ({ name, environment, command }) => ({
    title: `Run ${quoteWords(command)} in container ${name} in ${environment}`,
    byHand: `docker exec ${quoteWords([name, ...command])}`,
  }),
  async preview(input, reader) {
    const before = stateOf(await readState(await openContainer(reader, input), input));
    // What was written for a shell does not do the same without one.
    const forShell = input.command.some((word) => /^(?:\||\|\||&&|;|>>?|<|&)$/.test(word));
    const warnings = forShell ? ["No shell reads it: write sh -c '…' for pipes and redirections."] : [];
    const summary = `runs ${quoteWords(input.command)} in ${input.name}`;
    const preview = computedPreview(
      input,
      before,
      { command: input.command },
      { summary, warnings, raises: [] },
    );
    return { ...preview, kind: 'described' };
  },
  egress: ({ connection, id }) => [
    { connection, method: 'POST', path: `/containers/${id}/exec` },
    { connection, method: 'POST', path: /\/exec\/[0-9a-f]{64}\/start/ },
  ],
  async execute(input, writer, { approved }) {
    const { docker, container } = await openContainer(writer, input);
    refuseChanged(input, approved, stateOf(await readState({ docker, container }, input)));
    const options = { Cmd: [...input.command], AttachStdout: true, AttachStderr: true };
    const run = await said(container.exec(options), input.environment);
    const stream = await said(run.start({ Detach: false, Tty: false }), input.environment);
    const output = readOutput(stream as AsyncIterable<Buffer>);
    const { data, truncated } = await said(output, input.environment);
    const { ExitCode } = await said(docker.getExec(run.id).inspect(), input.environment);
    const text = demultiplex(data).trimEnd();
    if (ExitCode === 0) return { exitCode: 0, text, truncated };
    const last = text.split('\n').slice(-15).join('\n');
    const how = ExitCode === null ? 'did not come to an end' : `ended with exit code ${ExitCode}`;
    throw new FaultError(
      'unhealthy',
      `${quoteWords(input.command)} ${how} in ${input.name}.\n${last}`.trimEnd(),
    );
  },
  landed: async () => 'unclear',
  // A command that ends with another code fails in `execute` already.
  verify: async () => ({ state: 'healthy', evidence: 'The command ended with exit code 0.' }),
  render({ text, truncated }) {
    const note = truncated ? { note: 'The output was longer and has been cut.' } : {};
    if (text === '') return { kind: 'text', text: 'The command ended without output.' };
    return { kind: 'lines', lines: text.split(/\r?\n/), ...note };
  },
});

/** Reads to the end, so that the command can end, and keeps the start. */
async function readOutput(stream: AsyncIterable<Buffer>): Promise<{ data: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (size < mostBytes) chunks.push(chunk.subarray(0, mostBytes - size));
    size += chunk.length;
  }
  return { data: Buffer.concat(chunks), truncated: size > mostBytes };
}

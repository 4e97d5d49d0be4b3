import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { text as readText } from 'node:stream/consumers';
import type { Command } from 'commander';
import { renderContent } from '../../adapters/terminal/index.ts';
import { FaultError } from '../domain/fault.ts';
import { addressForms } from '../domain/secret-address.ts';
import { connect } from './client.ts';
import { createOutput, exit, guarded } from './output.ts';
import type { Shared } from './plan-commands.ts';

type Line = {
  name: string;
  environment: string;
  tool: string;
  version: number;
  refersTo: string | null;
  setBy: string;
  setAt: string;
};
type Rotation = { masterKey: string; rewrapped: number; left: number; why?: string };
type Which = { environment?: string; tool?: string };

/** `reign credential set|refer|list|remove|rotate`. Values come from a file, a pipe or a prompt, and never from argv. */
export function addCredentialCommands(program: Command, shared: (command: Command) => Shared): void {
  const credential = program.command('credential').description('secrets that Reign keeps sealed');
  addSet(credential, shared);
  addRefer(credential, shared);
  addList(credential, shared);
  addRemove(credential, shared);
  addRotate(credential, shared);
}

function scoped(command: Command): Command {
  return command
    .option('--environment <name>', 'only for this environment')
    .option('--tool <name>', 'only for this tool, e.g. github');
}

function addSet(credential: Command, shared: (command: Command) => Shared): void {
  scoped(credential.command('set <name>'))
    .description('keep a secret; its value is asked for, or read from standard input')
    .option('--from-file <file>', 'read the value from a file')
    .action((name: string, flags: Which & { fromFile?: string }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json);
      return guarded(output, async () => {
        const { fromFile, ...which } = flags;
        const value = fromFile === undefined ? await readValue(name) : await readFile(fromFile, 'utf8');
        const body = { name, ...which, value: value.replace(/\r?\n$/, '') };
        const client = await connect(options);
        const { credential: kept } = await client.call<{ credential: Line }>(
          'POST',
          '/api/v1/credentials',
          body,
        );
        output.event({ type: 'credential', ...kept });
        output.say(`${name} is kept (version ${kept.version}). Write vault:${name} where it is needed.`);
        return exit.done;
      });
    });
}

function addRefer(credential: Command, shared: (command: Command) => Shared): void {
  scoped(credential.command('refer <name>'))
    .description('say where a secret lies; it is read there when it is needed, and not copied')
    .requiredOption('--to <address>', `where: ${addressForms.join(', ')}`)
    .action((name: string, flags: Which & { to: string }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json);
      return guarded(output, async () => {
        const client = await connect(options);
        const { credential: kept } = await client.call<{ credential: Line }>(
          'POST',
          '/api/v1/credentials/refer',
          { name, ...flags },
        );
        output.event({ type: 'credential', ...kept });
        output.say(
          `${name} is read at ${kept.refersTo}. \`reign doctor\` tries whether it opens. Write vault:${name} where it is needed.`,
        );
        return exit.done;
      });
    });
}

function addList(credential: Command, shared: (command: Command) => Shared): void {
  credential
    .command('list')
    .description('names, and where they may be used')
    .action((_flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json);
      return guarded(output, async () => {
        const client = await connect(options);
        const { credentials } = await client.call<{ credentials: Line[] }>('GET', '/api/v1/credentials');
        for (const line of credentials) output.event({ type: 'credential', ...line });
        const columns = ['name', 'environment', 'tool', 'version', 'set by', 'set at', 'lies at'];
        const rows = credentials.map((it) => [
          it.name,
          it.environment,
          it.tool,
          `${it.version}`,
          it.setBy,
          it.setAt,
          it.refersTo ?? 'kept by Reign',
        ]);
        output.say(
          rows.length === 0 ? 'No secrets are kept.' : renderContent({ kind: 'table', columns, rows }),
        );
        return exit.done;
      });
    });
}

function addRemove(credential: Command, shared: (command: Command) => Shared): void {
  scoped(credential.command('remove <name>')).action((name: string, which: Which, command: Command) => {
    const options = shared(command);
    const output = createOutput(options.json);
    return guarded(output, async () => {
      await (await connect(options)).call('POST', '/api/v1/credentials/remove', { name, ...which });
      output.event({ type: 'credential-removed', name });
      output.say(`${name} is no longer kept.`);
      return exit.done;
    });
  });
}

function addRotate(credential: Command, shared: (command: Command) => Shared): void {
  credential
    .command('rotate')
    .description('make a new master key and wrap everything sealed with it; what runs goes on')
    .action((_flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json);
      return guarded(output, async () => {
        const client = await connect(options);
        const done = await client.call<Rotation>('POST', '/api/v1/credentials/rotate');
        output.event({ type: 'credential-rotated', ...done });
        output.say(`${done.rewrapped} sealed values are wrapped by the master key ${done.masterKey} now.`);
        if (done.left === 0) return exit.done;
        const why = done.why === undefined ? 'they were written meanwhile: rotate again' : done.why;
        output.say(`${done.left} need an old one still, which must be kept (${why}).`);
        return exit.failed;
      });
    });
}

/** From a pipe, or typed without being shown. */
async function readValue(name: string): Promise<string> {
  if (!process.stdin.isTTY) return readText(process.stdin);
  process.stderr.write(`Value of ${name} (not shown): `);
  const prompt = createInterface({ input: process.stdin, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      prompt.once('line', resolve);
      prompt.once('SIGINT', () => reject(new FaultError('cancelled', 'Nothing was kept.')));
    });
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}

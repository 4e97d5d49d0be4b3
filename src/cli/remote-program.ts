import { Command, CommanderError } from 'commander';
import { FaultError, toFault } from '../domain/fault.ts';
import { splitWords } from '../domain/shell-words.ts';
import { addAsk } from './ask-command.ts';
import type { Client } from './client.ts';
import { withDescendants } from './descendants.ts';
import { addRemoteOperations } from './operation-commands.ts';
import type { Screen } from './output.ts';
import { addPlanCommands, type Shared } from './plan-commands.ts';

export type RemoteOptions = { client: Client; screen: Screen };

/**
 * Runs one line as `npx reign` would, over a client and on a screen that are given: the same commands and words, but
 * for those that touch this machine (its files, its processes, its configuration), which are not there.
 */
export async function runRemotely(line: string, { client, screen }: RemoteOptions): Promise<void> {
  const program = new Command('reign').description('Reign’s command line.');
  const shared = (command: Command): Shared => {
    const { json } = command.optsWithGlobals<{ json?: boolean }>();
    return { json: json === true, dataDir: '', client, screen };
  };
  addAsk(program, shared);
  addPlanCommands(program, shared);
  addRemoteOperations(program, shared);
  for (const command of withDescendants(program)) {
    command.option('--json', 'print JSON, one object a line').exitOverride();
    command.configureOutput({ writeOut: screen.write, writeErr: screen.complain });
  }
  try {
    const words = splitWords(line);
    if (words === undefined) throw new FaultError('bad-request', 'A quote of this line does not end.');
    // What people are used to type is the same here.
    const [first, second] = words;
    const named = first === 'npx' && second === 'reign' ? 2 : first === 'reign' ? 1 : 0;
    await program.parseAsync(words.slice(named), { from: 'user' });
  } catch (error) {
    // Help is no error, and an error of words has been told.
    if (!(error instanceof CommanderError)) screen.complain(`${toFault(error).message}\n`);
    screen.end(error instanceof CommanderError ? error.exitCode : 1);
  }
}

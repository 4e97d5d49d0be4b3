import type { Command } from 'commander';
import { createOutput, guarded } from './output.ts';
import type { Shared } from './plan-commands.ts';

/** `reign ask`. */
export function addAsk(program: Command, sharedOf: (command: Command) => Shared): void {
  program
    .command('ask <text...>')
    .description('ask for something and follow it to its end')
    .option('--approve', 'give your own approval where policy lets you')
    .option('--wait', 'wait for the approval of others')
    .option('--conversation <id>', 'go on in a conversation')
    .action(
      (
        words: string[],
        flags: { approve?: boolean; wait?: boolean; conversation?: string },
        command: Command,
      ) => {
        const shared = sharedOf(command);
        const output = createOutput(shared.json, shared.screen);
        return guarded(output, async () => {
          const { ask } = await import('./ask.ts');
          const { conversation } = flags;
          const options = { ...shared, approve: flags.approve === true, wait: flags.wait === true };
          return ask(words.join(' '), output, {
            ...options,
            ...(conversation === undefined ? {} : { conversation }),
          });
        });
      },
    );
}

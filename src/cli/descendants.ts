import type { Command } from 'commander';

/** A command and all that are below it. */
export function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

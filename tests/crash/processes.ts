import { readdirSync, readFileSync } from 'node:fs';

/** The ids of processes (of whatever namespace, zombies left out) whose command line is `words`, joined by blanks. */
export function processesNaming(words: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => commandLine(id) === words)
    .map(Number);
}

export function isAlive(id: number): boolean {
  return commandLine(String(id)) !== '';
}

/** Empty for a zombie and for a process that is gone. */
function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}

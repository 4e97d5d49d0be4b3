import { release } from 'node:os';
import { bounds, memoryBytes } from './index.ts';

const megabyte = 1024 * 1024;

/**
 * The start of a command line that runs the rest under bounds that hold for each process. Private memory is bounded
 * as data, not as address space: a bound on address space breaks WebAssembly in Node.
 */
export function boundedCommand(prlimit: string, countProcesses = countsProcessesByNamespace()): string[] {
  const command = [
    prlimit,
    '--core=0',
    `--nofile=${bounds.openFiles}`,
    `--fsize=${bounds.fileMb * megabyte}`,
    `--data=${memoryBytes(bounds.memoryMb)}`,
  ];
  if (countProcesses) command.push(`--nproc=${bounds.processes}`);
  return command;
}

/** What {@link boundedCommand} bounds, for people. */
export function describeBounds(): string[] {
  const perProcess = `${bounds.openFiles} open files, files of ${bounds.fileMb} MB, no core files`;
  return [`${perProcess}, ${bounds.memoryMb} MB of data for each process`];
}

/** Before Linux 5.14 the bound counted every process of the user on the machine. */
export function countsProcessesByNamespace(kernel = release()): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}

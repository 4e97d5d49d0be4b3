import { spawnSync } from 'node:child_process';

/** Whether bubblewrap can be tried here; says so loudly when it cannot. */
export function hasBubblewrap(): boolean {
  const { status } = spawnSync('bwrap', ['--version']);
  if (status === 0) return true;
  console.warn('SKIPPED: bubblewrap is not installed; the sandbox was not tested.');
  return false;
}

/** Ids of running processes whose command line holds a text. */
export function processesWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(text));
}

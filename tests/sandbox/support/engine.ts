import { spawnSync } from 'node:child_process';

/** Whether bubblewrap can be tried here; says so loudly when it cannot. */
export function hasBubblewrap(): boolean {
  const { status } = spawnSync('bwrap', ['--version']);
  if (status === 0) return true;
  console.warn('SKIPPED: bubblewrap is not installed; the sandbox was not tested.');
  return false;
}

/** Ids of the processes that this one has started, and those that they have started in turn. */
export function descendants(): { id: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const all = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, id, parent, command = '']) => ({
    ...{ id: Number(id), parent: Number(parent), command },
  }));
  const own = new Set([process.pid]);
  for (let known = 0; known < own.size; ) {
    known = own.size;
    for (const { id, parent } of all) if (own.has(parent)) own.add(id);
  }
  return all.filter(({ id, command }) => id !== process.pid && own.has(id) && !command.startsWith('ps '));
}

/** Lines about running processes whose command line holds a text; the text must be the test's own. */
export function processesWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(text));
}

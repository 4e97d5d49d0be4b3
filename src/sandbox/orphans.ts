import { readFileSync } from 'node:fs';

/** Ends a bubblewrap whose parent has ended, and nothing else: what lives belongs to a worker. */
export function endOrphan(id: number): void {
  try {
    const [, name, parent] = /^\d+ \((.*)\) \w (\d+)/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    if (name === 'bwrap' && parent === '1') process.kill(id, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import type { Backend, ChildPlaces, StartedChild } from './backend.ts';
import { followProcess } from './follow-process.ts';
import { bounds } from './limits/index.ts';
import { cleanEnvironment, inheritedDescriptors } from './programs.ts';

/**
 * Runs steps as plain child processes with a clean environment. It isolates nothing: a step can read what this user
 * can read and reach what this machine can reach. Only for trying Reign where bubblewrap does not work.
 */
export function processBackend(stepHost: string): Backend {
  const start = (_profile: unknown, places: ChildPlaces): Promise<StartedChild> => {
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'pipe', 'pipe'];
    for (const descriptor of inheritedDescriptors(stdio.length)) {
      while (stdio.length <= descriptor) stdio.push('ignore');
    }
    const child = spawn(process.execPath, [`--max-old-space-size=${bounds.heapMb}`, realpathSync(stepHost)], {
      stdio,
      cwd: places.workFolder,
      env: cleanEnvironment(places.workFolder),
      detached: true,
    });
    const ended = once(child, 'exit').catch(() => undefined);
    const signal = (name: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        // The group has ended.
      }
    };
    return Promise.resolve({
      ...followProcess(child),
      seen: { workFolder: places.workFolder, socketPath: places.socketPath },
      seenCode: (folder) => folder,
      signal,
      setPace() {},
      bound() {},
      async kill() {
        signal('SIGKILL');
        await ended;
      },
    });
  };
  return { name: 'process', isolates: false, start };
}

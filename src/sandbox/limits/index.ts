import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { isLeftOver } from '../leftovers.ts';
import { endOrphan } from '../orphans.ts';
import { type ControlGroup, createGroup, processesIn } from './control-group.ts';
import { findControllers } from './controllers.ts';

const groupPrefix = 'reign-step-';

/** Memory a step's own Node process needs beside what its operation may use. */
const hostOverheadMb = 128;

/** Bounds of one step, whatever it runs. `openFiles`, `fileMb` and `coreMb` hold for each of its processes. */
export const bounds = {
  heapMb: 512,
  memoryMb: 1024,
  processes: 256,
  cpus: 1,
  openFiles: 1024,
  fileMb: 1024,
  temporaryMb: 256,
} as const;

export type Limits = {
  holds: readonly string[];
  lacks: readonly string[];
  /** True when memory is bounded for the step as a whole rather than for each process. */
  boundsMemory: boolean;
  /** A control group for one step; undefined where none can be made. */
  createGroup(name: string): ControlGroup | undefined;
};

/** Looks which control groups this process may make (version 1 or 2) and says what they bound. */
export function findLimits(root?: string): Limits {
  const controllers = findControllers(root);
  for (const { folder } of controllers) removeLeftOvers(folder);
  const has = (name: string): boolean => controllers.some((controller) => controller.name === name);
  const holds: string[] = [];
  const lacks: string[] = [];
  const say = (name: string, text: string): void => {
    (has(name) ? holds : lacks).push(`${text} (control group)`);
  };
  say('memory', 'memory of a step as a whole');
  say('pids', `${bounds.processes} processes a step`);
  say('cpu', `${bounds.cpus} processor a step`);
  return {
    holds,
    lacks,
    boundsMemory: has('memory'),
    createGroup: (name) =>
      controllers.length === 0 ? undefined : createGroup(controllers, groupPrefix + name),
  };
}

/**
 * Removes the groups of workers that were killed. They are empty, but for a bubblewrap that was just setting itself up:
 * it waits for ever for the one that started it. One that still holds something goes at the next start.
 */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(groupPrefix) || !isLeftOver(name)) continue;
    const group = join(folder, name);
    for (const id of processesIn(group)) endOrphan(id);
    try {
      rmdirSync(group);
    } catch {
      // Still in use.
    }
  }
}

/** Bytes that a step may use for an operation that may use `memoryMb`. */
export function memoryBytes(memoryMb: number): number {
  return Math.round((memoryMb + hostOverheadMb) * 1024 * 1024);
}

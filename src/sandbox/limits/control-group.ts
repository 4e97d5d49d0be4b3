import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Controller, limitFile } from './controllers.ts';
import { bounds, memoryBytes } from './index.ts';

/** The control groups of one step, one folder or several. */
export type ControlGroup = {
  /** Files that a process writes its id to in order to join. */
  readonly joinFiles: readonly string[];
  /** Bounds the memory of the whole group; keeps the old bound where the new one cannot be set. */
  limitMemory(memoryMb: number): void;
  /** Gives the group little of the processors where others want them, or its usual share. */
  setPace(pace: 'low' | 'usual'): void;
  /** Whether the kernel ended a process of the group because the memory was used up. */
  ranOutOfMemory(): boolean;
  /** The ids of all processes in the group. */
  processes(): number[];
  /** Removes the group once it is empty; waits a moment for that. */
  remove(): Promise<void>;
};

/** Makes the groups and sets their bounds; undefined when that fails. */
export function createGroup(controllers: readonly Controller[], name: string): ControlGroup | undefined {
  const places = controllers.map((controller) => ({ controller, folder: join(controller.folder, name) }));
  const folders = [...new Set(places.map((place) => place.folder))];
  try {
    for (const folder of folders) mkdirSync(folder);
    for (const { controller, folder } of places)
      writeFileSync(join(folder, limitFile(controller)), boundOf(controller, bounds.memoryMb));
  } catch {
    for (const folder of folders) tryTo(() => rmdirSync(folder));
    return undefined;
  }
  const memory = places.find((place) => place.controller.name === 'memory');
  const processor = places.find((place) => place.controller.name === 'cpu');
  return {
    joinFiles: folders.map((folder) => join(folder, 'cgroup.procs')),
    limitMemory(memoryMb) {
      if (memory === undefined) return;
      const file = join(memory.folder, limitFile(memory.controller));
      tryTo(() => writeFileSync(file, boundOf(memory.controller, memoryMb)));
    },
    setPace(pace) {
      if (processor === undefined) return;
      const [file, low, usual] =
        processor.controller.version === 2 ? ['cpu.weight', '6', '100'] : ['cpu.shares', '64', '1024'];
      tryTo(() => writeFileSync(join(processor.folder, file), pace === 'low' ? low : usual));
    },
    ranOutOfMemory: () => memory !== undefined && countKills(memory.controller, memory.folder) > 0,
    processes: () => [...new Set(folders.flatMap(processesIn))],
    remove: () => removeAll(folders),
  };
}

function boundOf(controller: Controller, memoryMb: number): string {
  if (controller.name === 'memory') return String(memoryBytes(memoryMb));
  if (controller.name === 'pids') return String(bounds.processes);
  const quota = String(bounds.cpus * 100_000);
  return controller.version === 2 ? `${quota} 100000` : quota;
}

function countKills(controller: Controller, folder: string): number {
  const file = join(folder, controller.version === 2 ? 'memory.events' : 'memory.oom_control');
  const text = tryTo(() => readFileSync(file, 'utf8')) ?? '';
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** The ids of the processes in the group of a folder; none where it cannot be read. */
export function processesIn(folder: string): number[] {
  const text = tryTo(() => readFileSync(join(folder, 'cgroup.procs'), 'utf8')) ?? '';
  return text.split('\n').filter(Boolean).map(Number);
}

async function removeAll(folders: readonly string[]): Promise<void> {
  let left = [...folders];
  for (let attempt = 0; attempt < 20 && left.length > 0; attempt += 1) {
    if (attempt > 0) await delay(25);
    for (const folder of left) tryTo(() => rmdirSync(folder));
    left = left.filter((folder) => existsSync(folder));
  }
}

function tryTo<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

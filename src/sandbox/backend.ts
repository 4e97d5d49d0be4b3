import type { ChildProcess } from 'node:child_process';
import type { Limits } from './limits/index.ts';
import type { Profile } from './options.ts';

/** Where a child finds things: paths as seen by the child, and the same paths on this machine. */
export type ChildPlaces = {
  /** Private folder of the child on this machine; holds `work/` and `broker.sock`. */
  folder: string;
  workFolder: string;
  socketPath: string;
};

/** A started child. Descriptor 3 is the channel; its own process group is `process.pid`. */
export type StartedChild = {
  process: ChildProcess;
  /** What the child itself calls its work folder and its broker socket. */
  seen: { workFolder: string; socketPath: string };
  /** What the child itself calls a folder of an extension's code. */
  seenCode(folder: string): string;
  /** Sends a signal to the step and to what it started, as far as that stayed in its process group. */
  signal(name: NodeJS.Signals): void;
  /** Gives the step little of the processors while it only gets ready, as far as that can be done. */
  setPace(pace: 'low' | 'usual'): void;
  /** Bounds the memory of the step for the call that comes. */
  limitMemory(memoryMb: number): void;
  /** Whether the kernel ended something of it because its memory was used up; false where that is not known. */
  ranOutOfMemory(): boolean;
  /** Kills everything at once; resolves when nothing of it is left. */
  kill(): Promise<void>;
};

/** A way to run steps. */
export type Backend = {
  name: 'bubblewrap' | 'process';
  isolates: boolean;
  limits: Limits;
  start(profile: Profile, places: ChildPlaces): Promise<StartedChild>;
};

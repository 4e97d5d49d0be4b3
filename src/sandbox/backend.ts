import type { Duplex, Readable } from 'node:stream';
import type { CallOptions } from '../domain/ports/sandbox.ts';
import type { Profile } from './options.ts';

/** Where a child finds things: paths as seen by the child, and the same paths on this machine. */
export type ChildPlaces = {
  /** Private folder of the child on this machine; holds `work/` and `broker.sock`. */
  folder: string;
  workFolder: string;
  socketPath: string;
};

/** Inside a root of its own, a step calls its places so. */
export const inside = { workFolder: '/work', socketPath: '/run/reign/broker.sock' } as const;

/** A started child. */
export type StartedChild = {
  /** One JSON message a line, both ways. */
  channel: Duplex;
  /** What it writes besides. */
  outputs: readonly Readable[];
  /** How it ended ("ended with exit code 3"), told when its last output has arrived or soon after. Never rejects. */
  ended: Promise<string>;
  /** What the child itself calls its work folder and its broker socket. */
  seen: { workFolder: string; socketPath: string };
  /** What the child itself calls a folder of an extension's code. */
  seenCode(folder: string): string;
  /** Sends a signal to the step and to what it started, as far as that stayed in its process group. */
  signal(name: NodeJS.Signals): void;
  /** Gives the step little of the processors while it only gets ready, as far as that can be done. */
  setPace(pace: 'low' | 'usual'): void;
  /** Bounds the step for the call that comes, where that is not done for it from the start. */
  bound(call: Pick<CallOptions, 'memoryMb' | 'deadline'>): void;
  /** Kills everything at once; resolves when nothing of it is left. */
  kill(): Promise<void>;
};

/** A way to run steps. */
export type Backend = {
  name: 'bubblewrap' | 'pod' | 'process';
  isolates: boolean;
  start(profile: Profile, places: ChildPlaces): Promise<StartedChild>;
  close?(): Promise<void>;
};

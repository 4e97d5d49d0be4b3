import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Reads the id of a sandbox's first process from what bubblewrap writes to its information descriptor. */
export function readInitProcess(stream: Readable | Writable | null | undefined): {
  id(): number | undefined;
} {
  let text = '';
  let id: number | undefined;
  if (stream && 'read' in stream) {
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => {
      if (text.length < 4096) text += chunk.toString('utf8');
      id ??= idIn(text);
    });
  }
  return { id: () => id };
}

/**
 * The process group of the step inside: that of the first child of bubblewrap's own first process. Negative, as `kill`
 * wants it; undefined when it cannot be found.
 */
export function groupInside(init: number | undefined): number | undefined {
  if (init === undefined) return undefined;
  const [step] = read(`/proc/${init}/task/${init}/children`)?.trim().split(' ') ?? [];
  const group = statOf(Number(step || init))?.group;
  return group === undefined ? undefined : -group;
}

/**
 * Kills a sandbox's first process, with which the kernel kills all others, and resolves when nothing is left of it.
 * For when bubblewrap itself has ended, which it may do a moment earlier.
 */
export async function endInit(init: number | undefined): Promise<void> {
  for (let attempt = 0; init !== undefined && attempt < 200; attempt += 1) {
    const stat = statOf(init);
    if (stat === undefined || stat.state === 'Z' || stat.name !== 'bwrap') return;
    try {
      process.kill(init, 'SIGKILL');
    } catch {
      return;
    }
    await delay(5);
  }
}

type Stat = { name: string; state: string; group: number };

function statOf(id: number): Stat | undefined {
  const [, name, state, group] = /^\d+ \((.*)\) (\w) \d+ (\d+)/s.exec(read(`/proc/${id}/stat`) ?? '') ?? [];
  if (name === undefined || state === undefined) return undefined;
  return { name, state, group: Number(group) };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function idIn(text: string): number | undefined {
  const id = /"child-pid":\s*(\d+)/.exec(text)?.[1];
  return id === undefined ? undefined : Number(id);
}

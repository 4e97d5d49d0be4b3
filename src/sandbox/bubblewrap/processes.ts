import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

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
 * The process group of the step inside: its first process is bubblewrap's own, whose first child leads the group
 * (`--new-session`). Negative, as `kill` wants it; undefined when it cannot be found.
 */
export function groupInside(init: number | undefined): number | undefined {
  if (init === undefined) return undefined;
  try {
    const [step] = readFileSync(`/proc/${init}/task/${init}/children`, 'utf8').trim().split(' ');
    return step === undefined || step === '' ? undefined : -Number(step);
  } catch {
    return undefined;
  }
}

function idIn(text: string): number | undefined {
  const id = /"child-pid":\s*(\d+)/.exec(text)?.[1];
  return id === undefined ? undefined : Number(id);
}

import { open, readFile } from 'node:fs/promises';
import type { AuditCheckpoint } from '../domain/audit.ts';
import type { Anchor } from '../engine/checkpoint.ts';

/** Keeps checkpoints as JSON lines in a file outside Postgres; each line is on the disk before it counts. */
export function fileAnchor(file: string): Anchor {
  return {
    async keep(checkpoint: AuditCheckpoint) {
      const handle = await open(file, 'a', 0o600);
      try {
        const { id, at, hash, signature } = checkpoint;
        await handle.appendFile(`${JSON.stringify({ id, at, hash, signature })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

/** The hashes of anchored checkpoints by their id. A torn last line (a crash) is left out. */
export async function readAnchors(file: string): Promise<Map<number, string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const anchors = new Map<number, string>();
  for (const line of text.split('\n').filter(Boolean)) {
    try {
      const { id, hash } = JSON.parse(line) as { id: number; hash: string };
      anchors.set(id, hash);
    } catch {
      // A line that was being written when the machine went down.
    }
  }
  return anchors;
}

import { type AuditCheckpoint, chainStart, checkpointHash } from '../domain/audit.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import type { Signer } from './ports.ts';

/** Where checkpoints are kept outside Postgres, so that whoever owns the database cannot rewrite them unseen. */
export interface Anchor {
  /** Appends a checkpoint; must be durable when it returns. */
  keep(checkpoint: AuditCheckpoint): Promise<void>;
}

/** What a checkpoint needs of the store. */
export interface CheckpointStore {
  /** Calls `make` with the chains that changed since the last checkpoint, and stores what it returns, or nothing. */
  checkpoint(
    make: (last: AuditCheckpoint | undefined, heads: AuditCheckpoint['heads']) => AuditCheckpoint | undefined,
  ): Promise<AuditCheckpoint | undefined>;
}

/** Signs where the changed chains stand now, and anchors it. @returns undefined when nothing has changed. */
export async function takeCheckpoint(
  store: CheckpointStore,
  { signer, anchor, clock }: { signer: Signer; anchor: Anchor; clock: Clock },
): Promise<AuditCheckpoint | undefined> {
  const taken = await store.checkpoint((last, heads) => {
    if (heads.length === 0) return undefined;
    const content = {
      id: (last?.id ?? 0) + 1,
      at: clock.now().toISOString(),
      previous: last?.hash ?? chainStart,
      heads,
    };
    const hash = checkpointHash(content);
    return { ...content, hash, signature: signer.sign(hash) };
  });
  if (taken) await anchor.keep(taken);
  return taken;
}

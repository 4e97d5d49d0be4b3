import type { Engine } from './engine.ts';

/** How long a secret that a look has found may still be written somewhere, in milliseconds. */
const keptMs = 24 * 3600 * 1000;

/** Drops what was kept of secrets that looks have found long ago. */
export async function forgetFoundSecrets({ store, clock }: Pick<Engine, 'store' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - keptMs);
  await store.transaction((tx) => tx.forgetFoundSecrets(before));
}

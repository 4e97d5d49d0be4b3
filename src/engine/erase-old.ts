import type { Retention } from '../domain/retention.ts';
import type { Engine } from './engine.ts';
import type { Transaction } from './ports.ts';

/** Plans or conversations that one transaction erases, and how many transactions one round makes of each. */
const batch = 100;
const batches = 20;

/**
 * Erases what has been kept for as long as was configured, in small transactions; several gateways may do it at once.
 * Each says in the audit what it erased. The chains hold all the same: they keep the hashes.
 */
export async function eraseOld(
  { store, clock }: Pick<Engine, 'store' | 'clock'>,
  { payloadSeconds, chatSeconds }: Retention,
): Promise<void> {
  const before = (seconds: number) => new Date(clock.now().getTime() - seconds * 1000);
  const kinds = [
    {
      what: 'payloads',
      seconds: payloadSeconds,
      erase: (tx: Transaction, at: Date) => tx.erasePayloads(at, batch),
    },
    { what: 'chat', seconds: chatSeconds, erase: (tx: Transaction, at: Date) => tx.eraseChat(at, batch) },
  ];
  for (const { what, seconds, erase } of kinds) {
    if (seconds === undefined) continue;
    for (let round = 0; round < batches; round += 1) {
      const erased = await store.transaction(async (tx) => {
        const ids = await erase(tx, before(seconds));
        const record = { before: before(seconds).toISOString(), of: ids };
        if (ids.length > 0) tx.audit('retention', `${what}.erased`, 'reign', record);
        return ids;
      });
      if (erased.length < batch) break;
    }
  }
}

import { toFault } from '../src/domain/fault.ts';
import { type Delivery, deliverRound } from '../src/engine/chat/deliver.ts';
import type { Timer } from './timers.ts';

/** How long changes are gathered before they are posted, and how often it is looked without one, in milliseconds. */
const gatherMs = 40;
const lookMs = 1_000;

/**
 * Delivers to chat platforms whenever a conversation changes, and once a second what waited. Rounds run side by side,
 * since a thread is one gateway's and one round's at a time: a channel that has to wait holds up no other.
 */
export function startDeliveries(
  delivery: Delivery,
  onChange: (listener: (conversationId: string) => void) => () => void,
): Timer {
  const running = new Set<Promise<unknown>>();
  let gathering: NodeJS.Timeout | undefined;
  const look = (): void => {
    gathering = undefined;
    const round = deliverRound(delivery)
      .then((taken) => {
        if (taken > 0) soon();
      })
      .catch((error: unknown) =>
        delivery.engine.logger.warn({ error: toFault(error).message }, 'deliveries could not be looked up'),
      )
      .finally(() => running.delete(round));
    running.add(round);
  };
  const soon = (): void => {
    gathering ??= setTimeout(look, gatherMs);
  };
  const forget = onChange(soon);
  const timer = setInterval(soon, lookMs);
  return {
    async stop() {
      forget();
      clearInterval(timer);
      clearTimeout(gathering);
      await Promise.allSettled(running);
      clearTimeout(gathering);
    },
  };
}

import { newId } from '../domain/ids.ts';
import type { Sealer } from '../domain/ports/secrets.ts';
import type { Store } from '../engine/ports.ts';

/**
 * Keeps what looks like a secret in a result that a model is about to see, sealed and for its environment alone, and
 * leaves a name in its place. The same secret gets one name a result.
 */
export function foundSecretKeeper(
  store: Store,
  sealer: Sealer,
  { messageId, environment }: { messageId: string; environment: string },
): (secret: string) => Promise<string> {
  const names = new Map<string, Promise<string>>();
  const keep = async (secret: string): Promise<string> => {
    const name = newId('s');
    const sealed = await sealer.seal(secret, { name, environment, tool: '*', version: 1 });
    await store.transaction((tx) => tx.keepFoundSecret({ name, messageId, environment, sealed }));
    return `⟦found:${name}⟧`;
  };
  return (secret) => {
    const known = names.get(secret) ?? keep(secret);
    names.set(secret, known);
    return known;
  };
}

import { type Fault, FaultError, toFault } from '../domain/fault.ts';
import type { ReadRemote } from './managers/index.ts';
import type { RemoteSecret } from './managers/manager.ts';

/** How long a secret that lies elsewhere is held in memory, in milliseconds. */
const heldMs = 60_000;
/** Within this time many who look share one answer, in milliseconds. */
const sharedMs = 1000;

export type RemoteCache = {
  /** The secret as it was at most a minute ago. */
  read(address: string): Promise<RemoteSecret>;
  /** Reads it anew, and remembers why it could not be read. */
  look(address: string): Promise<void>;
  /** As of the last look. @throws FaultError why it could not be read. */
  version(address: string): string;
};

export function createRemoteCache(
  readRemote: ReadRemote,
  { keep, now = Date.now }: { keep: (value: string) => void; now?: () => number },
): RemoteCache {
  const held = new Map<string, { at: number; secret: Promise<RemoteSecret> }>();
  const seen = new Map<string, { version: string } | Fault>();
  const readWithin = (milliseconds: number, address: string): Promise<RemoteSecret> => {
    for (const [key, { at }] of held) if (at + heldMs <= now()) held.delete(key);
    const before = held.get(address);
    if (before !== undefined && before.at + milliseconds > now()) return before.secret;
    const secret = readRemote(address).then((found) => {
      keep(found.value);
      return found;
    });
    held.set(address, { at: now(), secret });
    secret.catch(() => {
      if (held.get(address)?.secret === secret) held.delete(address);
    });
    return secret;
  };
  return {
    read: (address) => readWithin(heldMs, address),
    async look(address) {
      const found = await readWithin(sharedMs, address).catch((error: unknown) => toFault(error));
      seen.set(address, 'code' in found ? found : { version: found.version });
    },
    version(address) {
      const found = seen.get(address);
      if (found === undefined) throw new FaultError('unreachable', `${address} was not read yet.`);
      if ('code' in found) throw new FaultError(found.code, found.message);
      return found.version;
    },
  };
}

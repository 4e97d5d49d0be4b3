import { FaultError } from '../domain/fault.ts';
import type { KeyWrapper } from '../domain/ports/secrets.ts';

/** Wraps with the first; what the others have wrapped still opens, and is wrapped by the first when it is rewrapped. */
export function createKeyChain(keys: readonly [KeyWrapper, ...KeyWrapper[]]): KeyWrapper {
  const [first] = keys;
  const ownerOf = (masterKey: string): KeyWrapper => {
    const owner = keys.find((each) => each.owns(masterKey));
    if (owner !== undefined) return owner;
    throw new FaultError(
      'not-found',
      `The master key ${masterKey} is not configured: name it below vault.formerMasterKeys.`,
    );
  };
  return {
    owns: (masterKey) => keys.some((each) => each.owns(masterKey)),
    wrap: (dataKey) => first.wrap(dataKey),
    unwrap: async (masterKey, wrapped) => ownerOf(masterKey).unwrap(masterKey, wrapped),
    async rewrap(masterKey, wrapped) {
      const owner = ownerOf(masterKey);
      if (owner === first) return first.rewrap(masterKey, wrapped);
      return first.wrap(await owner.unwrap(masterKey, wrapped));
    },
    current: () => first.current(),
    renew: () => first.renew(),
  };
}

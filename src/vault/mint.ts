/** A credential that another one was exchanged for; `until` is when it ends, in milliseconds since 1970. */
export type Minted = { token: string; until: number };

export type Mint = (key: string, marginMs: number, make: () => Promise<Minted>) => Promise<Minted>;

/** Keeps what was minted until `marginMs` before its end; who asks meanwhile waits for the same one. */
export function createMint(): Mint {
  const held = new Map<string, { until: number; minted: Promise<Minted> }>();
  return (key, marginMs, make) => {
    const before = held.get(key);
    if (before !== undefined && before.until > Date.now()) return before.minted;
    const entry = { until: Infinity, minted: make() };
    held.set(key, entry);
    entry.minted.then(
      ({ until }) => {
        entry.until = until - marginMs;
      },
      () => held.delete(key),
    );
    return entry.minted;
  };
}

/** How long a value that has ended is still masked, in milliseconds: it may stand in what is read later. */
const afterEndMs = 3_600_000;

/** Values that were opened or made here, to be masked wherever they turn up. */
export type SeenValues = {
  /** `until` is when the value ends by itself, in milliseconds since 1970. */
  add(value: string, until?: number): void;
  values(): readonly string[];
};

export function createSeenValues(now: () => number = Date.now): SeenValues {
  const seen = new Map<string, number>();
  return {
    add(value, until = Infinity) {
      for (const [each, end] of seen) if (end + afterEndMs < now()) seen.delete(each);
      seen.set(value, until);
    },
    values: () => [...seen.keys()],
  };
}

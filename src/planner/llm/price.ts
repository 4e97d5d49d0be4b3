/** US dollars for a million tokens. */
export type Price = { input: number; output: number };

/** What models cost, by the beginning of their name; to be set in reign.yaml where a contract says otherwise. */
const listPrices: readonly (readonly [string, Price])[] = [
  ['claude-opus', { input: 5, output: 25 }],
  ['claude-sonnet', { input: 3, output: 15 }],
  ['claude-haiku', { input: 1, output: 5 }],
];

/** What is not known counts as dear, so that budgets in money hold. */
const unknownPrice: Price = { input: 15, output: 75 };

export function priceOf(model: string, configured?: Price): Price {
  if (configured) return configured;
  const short = model.replace(/^.*[./]/, '');
  return listPrices.find(([begins]) => short.startsWith(begins))?.[1] ?? unknownPrice;
}

/** US dollars of one reply. Tokens from the provider's cache cost a tenth, those written to it a quarter more. */
export function costOf(
  { input, output }: Price,
  used: { inputTokens: number; cachedTokens: number; cacheWrites: number; outputTokens: number },
): number {
  const plain = used.inputTokens - used.cachedTokens - used.cacheWrites;
  const weighed = plain + used.cachedTokens * 0.1 + used.cacheWrites * 1.25;
  return (weighed * input + used.outputTokens * output) / 1_000_000;
}

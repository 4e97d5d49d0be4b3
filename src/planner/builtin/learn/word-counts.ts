import type { Message } from '../text/message.ts';
import { isOneSlip } from '../text/spelling.ts';
import type { Span } from '../types.ts';

/** An example taken apart. */
export type ReadExample = {
  intent: string;
  message: Message;
  spans: readonly Span[];
  /** Whether it is known where each parameter is said. */
  aligned: boolean;
};

/**
 * Words outside of parameters. A word of small talk or of a complex wish must be met twice, or it may be a name;
 * a rare one that is a slip of a frequent one is misspelt on purpose and no word.
 */
export function countWords(read: readonly ReadExample[]): Map<string, number> {
  const counts = new Map<string, number>();
  const loose = new Map<string, number>();
  for (const { intent, message, spans } of read) {
    const table = intent === 'none' || intent === 'complex' ? loose : counts;
    for (const token of message.tokens) {
      if (token.shape !== 'word' && token.shape !== 'id' && token.shape !== 'camel' && token.shape !== 'flag')
        continue;
      if (token.raw !== token.value || spans.some(({ start, end }) => token.start < end && token.end > start))
        continue;
      table.set(token.word, (table.get(token.word) ?? 0) + 1);
    }
  }
  for (const [word, count] of loose)
    if (count > 1 || counts.has(word)) counts.set(word, (counts.get(word) ?? 0) + count);
  return withoutSlips(counts);
}

function withoutSlips(counts: ReadonlyMap<string, number>): Map<string, number> {
  const frequent = [...counts].filter(([word, count]) => count >= 8 && word.length >= 4);
  const kept = [...counts].filter(
    ([word, count]) =>
      count > 4 ||
      word.length < 4 ||
      !/^[a-z]+$/.test(word) ||
      !frequent.some(([other]) => isOneSlip(word, other)),
  );
  return new Map(kept);
}

import { kindOf, readNumber } from '../text/lexicon.ts';
import type { Token } from '../text/tokens.ts';
import type { Example, Span } from '../types.ts';

/** Where an example's text says its parameters: as annotated, else the first token that reads as the value. */
export function spansOf(example: Example, text: string, tokens: readonly Token[]): readonly Span[] {
  if (example.spans && example.request === text) return example.spans;
  const spans: Span[] = [];
  for (const [field, value] of Object.entries(example.params)) {
    const taken = (token: Token) => spans.some(({ start, end }) => token.start < end && token.end > start);
    const found = tokens.find((token) => !taken(token) && says(token, value));
    if (found) spans.push({ field, start: found.start, end: found.end });
    else if (typeof value === 'string') {
      const start = text.toLowerCase().indexOf(value.toLowerCase());
      if (start >= 0) spans.push({ field, start, end: start + value.length });
    }
  }
  return spans;
}

function says(token: Token, value: unknown): boolean {
  if (typeof value === 'number') return readNumber(token.value.replace(/%$/, '')) === value;
  if (typeof value !== 'string') return false;
  const wanted = value.toLowerCase();
  if (token.word === wanted) return true;
  const kind = kindOf(token.word);
  return kind !== undefined && kind === kindOf(wanted);
}

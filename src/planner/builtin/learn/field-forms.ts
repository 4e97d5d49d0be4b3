import { type FieldForms, shapeClass } from './slot-model.ts';
import type { ReadExample } from './word-counts.ts';

/** How each field is said over all examples. */
export function fieldForms(read: readonly ReadExample[]): FieldForms {
  const tallies = new Map<
    string,
    { said: number; several: number; atEnd: number; words: number; shapes: Set<string> }
  >();
  for (const { message, spans } of read) {
    for (const { field, start, end } of spans) {
      const tally = tallies.get(field) ?? {
        said: 0,
        several: 0,
        atEnd: 0,
        words: 0,
        shapes: new Set<string>(),
      };
      tallies.set(field, tally);
      const tokens = message.tokens.filter((token) => token.start < end && token.end > start);
      tally.said += 1;
      for (const { shape } of tokens) tally.shapes.add(shapeClass(shape));
      if (tokens.length < 2) continue;
      tally.several += 1;
      tally.words += tokens.length;
      if (!/\w/.test(message.text.slice(end).replace(/\b(please|pls|plz|thanks|thx|for me)\b/gi, '')))
        tally.atEnd += 1;
    }
  }
  const rest = new Set<string>();
  const phrases = new Set<string>();
  for (const [field, { said, several, atEnd, words }] of tallies) {
    if (several > 2 && atEnd / several > 0.7 && words / several >= 2.8) rest.add(field);
    else if (several > 2 && several / said > 0.05) phrases.add(field);
  }
  return { rest, phrases, shapes: new Map([...tallies].map(([field, { shapes }]) => [field, shapes])) };
}

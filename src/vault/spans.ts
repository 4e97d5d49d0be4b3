/** A piece of a text that must not be shown: `from` up to but not including `to`. */
export type Found = { from: number; to: number; rule: string };

/** The text with each piece replaced by `[redacted:<rule>]`. Overlapping pieces become one, named by the first. */
export function mask(text: string, found: readonly Found[]): string {
  if (found.length === 0) return text;
  let masked = '';
  let end = 0;
  for (const { from, to, rule } of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (from >= end) masked += `${text.slice(end, from)}[redacted:${rule}]`;
    end = Math.max(end, to);
  }
  return masked + text.slice(end);
}

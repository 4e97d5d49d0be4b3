/** A piece of a text that must not be shown: `from` up to but not including `to`. */
export type Found = { from: number; to: number; rule: string };

/** The text with each piece replaced by `[redacted:<rule>]`. Overlapping pieces become one, named by the first. */
export function mask(text: string, found: readonly Found[]): string {
  return pieces(text, found)
    .map(({ text, rule }) => (rule === undefined ? text : `[redacted:${rule}]`))
    .join('');
}

/** The text with each piece replaced by what `name` calls it. */
export async function rename(
  text: string,
  found: readonly Found[],
  name: (secret: string) => Promise<string>,
): Promise<string> {
  const parts = pieces(text, found).map(({ text, rule }) => (rule === undefined ? text : name(text)));
  return (await Promise.all(parts)).join('');
}

/** What lies between the found pieces, and the pieces with their rules. */
function pieces(text: string, found: readonly Found[]): { text: string; rule?: string }[] {
  const parts: { text: string; rule?: string }[] = [];
  let end = 0;
  for (const { from, to, rule } of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = parts.at(-1);
    if (from >= end) parts.push({ text: text.slice(end, from) }, { text: text.slice(from, to), rule });
    else if (to > end && last) last.text += text.slice(end, to);
    end = Math.max(end, to);
  }
  return [...parts, { text: text.slice(end) }];
}

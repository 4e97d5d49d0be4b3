const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text of at most `most` UTF-16 units, ending in "…" where something was left out; never cut inside of a character. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  // What follows the limit can belong to the character before it.
  for (const { index, segment } of segmenter.segment(text.slice(0, most + 64))) {
    if (index + segment.length > most - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

/** The first lines that fit into `most` units, and how many were left out. */
export function clipLines(lines: readonly string[], most: number): { lines: string[]; left: number } {
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    if (used + line.length + 1 > most) break;
    kept.push(line);
    used += line.length + 1;
  }
  const [first] = lines;
  if (kept.length === 0 && first !== undefined) kept.push(clip(first, Math.max(1, most)));
  return { lines: kept, left: lines.length - kept.length };
}

/** A table as lines of a fixed-width font. */
export function tableLines(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [columns, ...rows];
  const widths = columns.map((_, index) =>
    Math.min(60, Math.max(...all.map((row) => (row[index] ?? '').length))),
  );
  return all.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Escape sequences and other control characters become visible; line feeds and tabs stay. */
export function shown(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

import type { Found } from './spans.ts';

export type Matcher = (text: string) => Found[];

/** Shorter values would mask ordinary words. */
const shortest = 6;
/** Pieces of base64 and lines of longer values are masked only when they are long enough to be no accident. */
const shortestPiece = 10;

/** Finds the values in all the forms in which they may turn up in a text. */
export function matchKnownValues(values: readonly string[]): Matcher {
  const forms = new Set(values.filter(({ length }) => length >= shortest).flatMap(formsOf));
  if (forms.size === 0) return () => [];
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(literally).join('|'), 'g');
  return (text) =>
    [...text.matchAll(pattern)].map((found) => ({
      from: found.index,
      to: found.index + found[0].length,
      rule: 'credential',
    }));
}

function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const lines = trimmed.split('\n').map((line) => line.trim());
  const secretLines = lines.length > 1 ? lines.filter((line) => !line.startsWith('-----')) : [];
  const pieces = [...secretLines, ...base64Pieces(trimmed)].filter(({ length }) => length >= shortestPiece);
  const whole = [value, trimmed, encodeURIComponent(trimmed), JSON.stringify(trimmed).slice(1, -1)];
  return [...whole.filter(({ length }) => length >= shortest), ...pieces, ...pieces.map(toUrlAlphabet)];
}

/** What of the value's base64 does not depend on its neighbours, for each of the three places it can start at. */
function base64Pieces(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const pieces = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(start, end);
  });
  return [whole, ...pieces];
}

function toUrlAlphabet(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

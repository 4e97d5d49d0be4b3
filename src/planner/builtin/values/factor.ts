import { readNumber } from '../text/lexicon.ts';

const verbs: { [word: string]: number } = {
  double: 2,
  doubled: 2,
  doubling: 2,
  twice: 2,
  triple: 3,
  tripled: 3,
  tripling: 3,
  thrice: 3,
  quadruple: 4,
  quadrupling: 4,
  quintuple: 5,
  halve: 0.5,
  halved: 0.5,
  halving: 0.5,
  half: 0.5,
  tenfold: 10,
  twofold: 2,
  threefold: 3,
  fourfold: 4,
  fivefold: 5,
};

/**
 * "3x" is 3, "50% more" 1.5, "20% less" 0.8, "double" 2, "half" 0.5; undefined when no factor is said.
 * `context` tells whether a bare percentage means more or less.
 */
export function readFactor(text: string, context = text): number | undefined {
  const lower = text.toLowerCase().trim();
  const percent = /(\d+(?:\.\d+)?|[a-z-]+)\s?(?:%|percent|pct)\s*(.*)/.exec(lower);
  if (percent) return fromPercent(readNumber(percent[1] ?? ''), percent[2] ?? '', context.toLowerCase());
  const times =
    /(\d+(?:\.\d+)?)\s?(?:x|×|times|-?fold)/.exec(lower) ??
    /(?:x|×|factor of|times)\s?(\d+(?:\.\d+)?)/.exec(lower);
  if (times) return Number(times[1]);
  const worded = /([a-z]+)[\s-]?(?:times|x|fold)\b/.exec(lower) ?? /(?:factor of|times) ([a-z]+)/.exec(lower);
  const counted = worded ? readNumber(worded[1] ?? '') : undefined;
  if (counted !== undefined) return counted;
  if (/\bhalf as (?:much|many)\b.*\b(?:more|again)\b|\bhalf (?:more|again)\b/.test(lower)) return 1.5;
  for (const word of lower.split(/[^a-z]+/)) if (Object.hasOwn(verbs, word)) return verbs[word];
  const number = readNumber(lower);
  return number;
}

function fromPercent(amount: number | undefined, after: string, whole: string): number | undefined {
  if (amount === undefined) return undefined;
  if (/^of\b/.test(after) || /\bto \d+\s?(?:%|percent)/.test(whole)) return amount / 100;
  const less = /\b(?:less|fewer|lower|down|reduce|reduction|decrease|drop|cut|shrink|smaller|dip)/.test(
    whole,
  );
  return Math.round(less ? 100 - amount : 100 + amount) / 100;
}

/** Splits a line into words as a POSIX shell would, without expanding anything; undefined when a quote stays open. */
export function splitArguments(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] as string;
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else if (character === '\\' && quote === '"' && at + 1 < line.length)
        word = (word ?? '') + (line[++at] as string);
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word = word ?? '';
    } else if (character === '\\' && at + 1 < line.length) word = (word ?? '') + (line[++at] as string);
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

export type Arguments = { positionals: string[]; flags: Map<string, string | true> };

/** Sorts words into flags and the rest; `valued` are the flags that take the next word as their value. */
export function readArguments(words: readonly string[], valued: ReadonlySet<string>): Arguments {
  const positionals: string[] = [];
  const flags = new Map<string, string | true>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (word === '--') {
      positionals.push(...words.slice(at + 1));
      break;
    }
    const pair = /^(--?[\w-]+)=(.*)$/s.exec(word);
    const glued = /^(-[a-zA-Z])(\S+)$/.exec(word);
    if (pair) add(flags, pair[1] as string, pair[2] as string);
    else if (!/^--?[a-zA-Z]/.test(word)) positionals.push(word);
    else if (valued.has(word) && at + 1 < words.length) {
      add(flags, word, words[at + 1] as string);
      at += 1;
    } else if (glued && valued.has(glued[1] as string) && !word.startsWith('--'))
      flags.set(glued[1] as string, glued[2] as string);
    else flags.set(word, true);
  }
  return { positionals, flags };
}

/** helm's values may be given several times and all count; of every other flag the first does. */
function add(flags: Map<string, string | true>, flag: string, value: string): void {
  const before = flags.get(flag);
  if (!/^--set(-string)?$/.test(flag)) flags.set(flag, before ?? value);
  else flags.set(flag, [before, asValues(flag, value)].filter((each) => typeof each === 'string').join(','));
}

/** The shell has taken the quotes away; what would be read otherwise gets them back. */
function asValues(flag: string, value: string): string {
  const quoted = (pair: string) => pair.replace(/=([^"'].*)$/s, '="$1"');
  if (flag === '--set-string') return value.split(',').map(quoted).join(',');
  return /\s/.test(value) && !/["']/.test(value) ? quoted(value) : value;
}

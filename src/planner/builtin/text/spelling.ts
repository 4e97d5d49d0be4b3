/** Finds the known word that a misspelt one stands for; learnt words only, the more frequent wins. */
export function createSpeller(words: ReadonlyMap<string, number>): (word: string) => string | undefined {
  const buckets = new Map<string, string[]>();
  for (const word of words.keys()) {
    if (word.length < 4 || !/^[a-z]+$/.test(word)) continue;
    const key = bucketOf(word);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(word);
    else buckets.set(key, [word]);
  }
  return (word) => {
    if (word.length < 4 || word.length > 20 || !/^[a-z]+$/.test(word)) return undefined;
    let best: string | undefined;
    for (const length of word.length < 5 ? [word.length] : [word.length, word.length + 1, word.length - 1]) {
      for (const candidate of buckets.get(`${word[0]}${length}`) ?? []) {
        if (!isOneSlip(word, candidate)) continue;
        if (best === undefined || (words.get(candidate) ?? 0) > (words.get(best) ?? 0)) best = candidate;
      }
    }
    return best;
  };
}

function bucketOf(word: string): string {
  return `${word[0]}${word.length}`;
}

/** One letter added, left out or doubled, two neighbours swapped; another letter only in words of six or more. */
export function isOneSlip(left: string, right: string): boolean {
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  let tail = 0;
  const shorter = Math.min(left.length, right.length) - start;
  while (tail < shorter && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const leftRest = left.length - start - tail;
  const rightRest = right.length - start - tail;
  if (leftRest + rightRest === 1) return left.length >= 5 && right.length >= 5 && !onlyPlural(left, right);
  if (leftRest === 1 && rightRest === 1) return left.length >= 5;
  return (
    leftRest === 2 && rightRest === 2 && left[start] === right[start + 1] && left[start + 1] === right[start]
  );
}

function onlyPlural(left: string, right: string): boolean {
  return left === `${right}s` || right === `${left}s`;
}

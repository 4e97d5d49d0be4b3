/** The names that somebody may have meant, best first, 5 at most. Never good enough to act on without asking. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const scored = [...new Set(names)].map((name) => ({ name, score: scoreOf(wanted, name) }));
  return scored
    .filter(({ score }) => score < 10)
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, 5)
    .map(({ name }) => name);
}

/** 0 for the same letters, then one or two typing slips, then a part of the name; 10 for something else. */
function scoreOf(wanted: string, name: string): number {
  const left = letters(wanted);
  const right = letters(name);
  if (left === right) return 0;
  const slips = editDistance(left, right);
  if (slips <= (Math.min(left.length, right.length) > 4 ? 2 : 1)) return slips;
  if (left.length < 3 || right.length < 3) return 10;
  if (left.startsWith(right) || right.startsWith(left)) return 3;
  const parts = new Set(name.toLowerCase().split(/[-_.]/));
  const shared = wanted
    .toLowerCase()
    .split(/[-_. ]/)
    .some((part) => part.length > 2 && parts.has(part));
  return shared ? 4 : 10;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + cost,
        swapped && row > 1 && column > 1 ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

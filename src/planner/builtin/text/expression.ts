const opening = /[a-zA-Z_:][\w:]*\s?(?=[({])/y;
const joining =
  /^\s*(?:by|without|on|ignoring|group_left|group_right)\s*\(|^\s*(?:[<>]=?|[=!]=|[-+*/%^])\s*(?:bool\s+)?[\w.(]|^\s+(?:and|or|unless)\s+[a-z_:]+[({]|^\s*offset\s+\d+\w|^\[[^\]]*\]/;
const operand = /[\w.:]+/y;
const closers: { [open: string]: string } = { '(': ')', '{': '}', '[': ']' };

/** End of the PromQL-like expression (`sum(rate(x[5m])) by (y) > 1`) that begins at `at`, or `at` when none does. */
export function scanExpression(text: string, at: number): number {
  opening.lastIndex = at;
  const head = opening.exec(text);
  if (!head || /\s$/.test(head[0])) return at;
  let end = closingOf(text, opening.lastIndex);
  if (end < 0) return at;
  for (let rounds = 0; rounds < 40; rounds += 1) {
    const join = joining.exec(text.slice(end, end + 200));
    if (!join) return end;
    const next = takeOperand(text, end, join[0]);
    if (next <= end) return end;
    end = next;
  }
  return end;
}

function takeOperand(text: string, end: number, join: string): number {
  if (join.endsWith(']')) return end + join.length;
  const last = end + join.length - 1;
  if (closers[text[last] ?? ''] !== undefined) return closingOf(text, last);
  operand.lastIndex = last;
  if (!operand.exec(text)) return end;
  const after = operand.lastIndex;
  return closers[text[after] ?? ''] === undefined ? after : closingOf(text, after);
}

/** Index after the bracket that closes the one at `at`, or -1. */
function closingOf(text: string, at: number): number {
  const expected: string[] = [];
  let quote: string | undefined;
  for (let index = at; index < text.length; index += 1) {
    const character = text[index] as string;
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (closers[character] !== undefined) expected.push(closers[character] as string);
    else if (character === expected.at(-1)) {
      expected.pop();
      if (expected.length === 0) return index + 1;
    }
  }
  return -1;
}

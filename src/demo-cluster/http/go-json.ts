/** Explains why a text is not JSON, in the words of the Go decoder the real server uses. */
export function explainJsonError(text: string): string {
  const scanner = { text, at: 0 };
  try {
    scanValue(scanner);
    skipSpace(scanner);
    if (scanner.at < text.length) fail(scanner, 'after top-level value');
    return 'invalid JSON';
  } catch (error) {
    return error instanceof Explained ? error.message : 'invalid JSON';
  }
}

interface Scanner {
  text: string;
  at: number;
}

class Explained extends Error {}

function fail({ text, at }: Scanner, where: string): never {
  if (at >= text.length) throw new Explained('unexpected end of JSON input');
  const letter = JSON.stringify(text[at]).slice(1, -1);
  const shown = text[at] === "'" ? "\\'" : text[at] === '"' ? '"' : letter;
  throw new Explained(`invalid character '${shown}' ${where}`);
}

function skipSpace(scanner: Scanner): void {
  while (/[ \t\r\n]/.test(scanner.text[scanner.at] ?? '')) scanner.at += 1;
}

function scanValue(scanner: Scanner): void {
  skipSpace(scanner);
  const letter = scanner.text[scanner.at] ?? '';
  if (letter === '{') scanMembers(scanner);
  else if (letter === '[') scanItems(scanner);
  else if (letter === '"') scanString(scanner);
  else if (/[-0-9]/.test(letter)) scanNumber(scanner);
  else {
    const word = ['true', 'false', 'null'].find((each) => letter !== '' && each.startsWith(letter));
    if (word === undefined) fail(scanner, 'looking for beginning of value');
    for (const expected of word) {
      if (scanner.text[scanner.at] !== expected)
        fail(scanner, `in literal ${word} (expecting '${expected}')`);
      scanner.at += 1;
    }
  }
}

function scanMembers(scanner: Scanner): void {
  scanner.at += 1;
  skipSpace(scanner);
  if (isAtEnd(scanner, '}')) return;
  while (true) {
    skipSpace(scanner);
    if (scanner.text[scanner.at] !== '"') fail(scanner, 'looking for beginning of object key string');
    scanString(scanner);
    skipSpace(scanner);
    if (scanner.text[scanner.at] !== ':') fail(scanner, 'after object key');
    scanner.at += 1;
    scanValue(scanner);
    skipSpace(scanner);
    if (isAtEnd(scanner, '}')) return;
    if (scanner.text[scanner.at] !== ',') fail(scanner, 'after object key:value pair');
    scanner.at += 1;
  }
}

function scanItems(scanner: Scanner): void {
  scanner.at += 1;
  skipSpace(scanner);
  if (isAtEnd(scanner, ']')) return;
  while (true) {
    scanValue(scanner);
    skipSpace(scanner);
    if (isAtEnd(scanner, ']')) return;
    if (scanner.text[scanner.at] !== ',') fail(scanner, 'after array element');
    scanner.at += 1;
  }
}

function scanString(scanner: Scanner): void {
  scanner.at += 1;
  while (scanner.text[scanner.at] !== '"') {
    if (scanner.at >= scanner.text.length || (scanner.text[scanner.at] ?? '') < ' ')
      fail(scanner, 'in string literal');
    scanner.at += scanner.text[scanner.at] === '\\' ? 2 : 1;
  }
  scanner.at += 1;
}

function scanNumber(scanner: Scanner): void {
  const number = /-?\d+(\.\d+)?([eE][-+]?\d+)?/y;
  number.lastIndex = scanner.at;
  const found = number.exec(scanner.text);
  if (found === null) {
    scanner.at += 1;
    fail(scanner, 'in numeric literal');
  }
  scanner.at += found[0].length;
}

/** Whether the closing letter is next; if so it is passed. */
function isAtEnd(scanner: Scanner, letter: string): boolean {
  if (scanner.text[scanner.at] !== letter) return false;
  scanner.at += 1;
  return true;
}

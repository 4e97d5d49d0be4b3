/** A line that is being typed, and the lines before it. `at` counts from the start of the text. */
export type Line = { text: string; at: number; history: readonly string[]; back: number };

export const emptyLine: Line = { text: '', at: 0, history: [], back: 0 };

/** What keys did: another line; one that is sent; a wish to stop what runs, or to clear the screen. */
export type Typed = { line: Line; sent?: string; stop?: true; clear?: true };

/** Takes what a terminal reports: text that was typed or pasted, or one key. */
export function typeInto(line: Line, data: string): Typed {
  const { text, at, history } = line;
  switch (data) {
    case '\r': {
      const kept = text.trim() === '' || history.at(-1) === text ? history : [...history, text];
      return { line: { text: '', at: 0, history: kept, back: 0 }, sent: text };
    }
    case '\u0003':
      return { line: { ...line, text: '', at: 0, back: 0 }, stop: true };
    case '\f':
      return { line, clear: true };
    case '\u007f':
      return at === 0 ? { line } : { line: edited(line, text.slice(0, at - 1) + text.slice(at), at - 1) };
    case '\u001b[3~':
      return { line: edited(line, text.slice(0, at) + text.slice(at + 1), at) };
    case '\u0015':
      return { line: edited(line, text.slice(at), 0) };
    case '\u001b[D':
      return { line: { ...line, at: Math.max(0, at - 1) } };
    case '\u001b[C':
      return { line: { ...line, at: Math.min(text.length, at + 1) } };
    case '\u001b[H':
    case '\u0001':
      return { line: { ...line, at: 0 } };
    case '\u001b[F':
    case '\u0005':
      return { line: { ...line, at: text.length } };
    case '\u001b[A':
      return { line: recalled(line, line.back + 1) };
    case '\u001b[B':
      return { line: recalled(line, line.back - 1) };
    default: {
      const typed = data.startsWith('\u001b') ? '' : data.replace(controls, ' ');
      return { line: edited(line, text.slice(0, at) + typed + text.slice(at), at + typed.length) };
    }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is pasted must not be obeyed.
const controls = /[\u0000-\u001f\u007f]+/g;

function edited(line: Line, text: string, at: number): Line {
  return { ...line, text, at };
}

/** The line that was sent `back` lines ago; none is an empty one. */
function recalled(line: Line, wanted: number): Line {
  const back = Math.min(Math.max(0, wanted), line.history.length);
  const text = back === 0 ? '' : (line.history[line.history.length - back] ?? '');
  return { ...line, back, text, at: text.length };
}

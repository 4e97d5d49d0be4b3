import { expect, it } from 'vitest';
import { emptyLine, typeInto } from './line-editor.ts';

function typed(...keys: string[]) {
  let line = emptyLine;
  const sent: string[] = [];
  for (const key of keys) {
    const next = typeInto(line, key);
    line = next.line;
    if (next.sent !== undefined) sent.push(next.sent);
  }
  return { line, sent };
}
const [left, up, down, home, back, enter] = ['\u001b[D', '\u001b[A', '\u001b[B', '\u001b[H', '\u007f', '\r'];

it('sends what was typed, edited anywhere in the line', () => {
  expect(typed('plan lst', left, left, 'i', enter).sent).toEqual(['plan list']);
  expect(typed('xplan', home, '\u001b[3~', enter).sent).toEqual(['plan']);
  expect(typed('plann', back, enter).sent).toEqual(['plan']);
  expect(typed(back, enter).sent).toEqual(['']);
});

it('recalls lines that were sent, and comes back to an empty one', () => {
  expect(typed('a', enter, 'b', enter, up, up).line.text).toBe('a');
  expect(typed('a', enter, 'b', enter, up, up, up, down).line.text).toBe('b');
  expect(typed('a', enter, up, down).line.text).toBe('');
});

it('never obeys what is pasted', () => {
  expect(typed('ask x\r\nplan approve p-1\r').sent).toEqual([]);
  expect(typed('ask x\r\nplan').line.text).toBe('ask x plan');
});

it('stops and clears', () => {
  expect(typeInto({ ...emptyLine, text: 'x', at: 1 }, '\u0003')).toMatchObject({
    stop: true,
    line: { text: '' },
  });
  expect(typeInto(emptyLine, '\f').clear).toBe(true);
});

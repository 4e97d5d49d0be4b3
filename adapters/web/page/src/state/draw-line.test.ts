import { expect, test } from 'vitest';
import { drawLine, leaveLine } from './draw-line.ts';

const around = { prompt: 'me> ', width: 4, columns: 10, row: 0 };

test('a short line is drawn where it is, with the cursor in its place', () => {
  expect(drawLine({ text: 'abc', at: 1 }, around)).toEqual({
    data: '\r\u001b[Jme> abc\r\u001b[5C',
    row: 0,
  });
});

test('a line of several rows is drawn from its beginning, wherever the cursor was', () => {
  const drawn = drawLine({ text: 'abcdefghijkl', at: 12 }, around);
  expect(drawn).toEqual({ data: '\r\u001b[Jme> abcdefghijkl\r\u001b[6C', row: 1 });
  const moved = drawLine({ text: 'abcdefghijkl', at: 2 }, { ...around, row: drawn.row });
  expect(moved).toEqual({ data: '\u001b[1A\r\u001b[Jme> abcdefghijkl\u001b[1A\r\u001b[6C', row: 0 });
});

test('a line that ends at the edge leaves its cursor in the next row', () => {
  expect(drawLine({ text: 'abcdef', at: 6 }, around)).toEqual({ data: '\r\u001b[Jme> abcdef\r\n\r', row: 1 });
});

test('what follows a line is below all of its rows', () => {
  expect(leaveLine('abcdefghijkl', { ...around, row: 0 })).toBe('\u001b[1B\r\n');
  expect(leaveLine('abc', { ...around, row: 0 })).toBe('\r\n');
});

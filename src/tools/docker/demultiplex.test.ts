import { expect, test } from 'vitest';
import { demultiplex } from './demultiplex.ts';

test('joins the pieces of both streams in their order', () => {
  const data = Buffer.concat([piece(1, 'one\n'), piece(2, 'zwölf\n'), piece(1, 'three\n')]);
  expect(demultiplex(data)).toBe('one\nzwölf\nthree\n');
});

test('a letter that is split over two pieces is whole again', () => {
  const bytes = Buffer.from('ö');
  expect(demultiplex(Buffer.concat([piece(1, bytes.subarray(0, 1)), piece(1, bytes.subarray(1))]))).toBe('ö');
});

test('the plain log of a terminal stays as it is, and nothing stays nothing', () => {
  expect(demultiplex(Buffer.from('plain text\r\n'))).toBe('plain text\r\n');
  expect(demultiplex(Buffer.alloc(0))).toBe('');
});

test('a log that was cut in the middle gives what is whole', () => {
  const whole = Buffer.concat([piece(1, 'one\n'), piece(1, 'two\n')]);
  expect(demultiplex(whole.subarray(0, whole.length - 9))).toBe('one\n');
});

function piece(stream: number, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

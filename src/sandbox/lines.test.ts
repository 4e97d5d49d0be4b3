import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLines } from './lines.ts';

function read(limit: number, chunks: readonly Buffer[]): { lines: string[]; overflows: number } {
  const stream = new PassThrough();
  const lines: string[] = [];
  let overflows = 0;
  readLines(
    stream,
    limit,
    (line) => lines.push(line),
    () => {
      overflows += 1;
    },
  );
  for (const chunk of chunks) stream.emit('data', chunk);
  return { lines, overflows };
}

it('gives the same lines however the bytes are cut', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')));
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 7 }), (texts, size) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
      const chunks = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const expected = texts.filter((text) => text !== '').map((text) => Buffer.from(text).toString());
      expect(read(1000_000, chunks)).toEqual({ lines: expected, overflows: 0 });
    }),
  );
});

it('keeps lines up to the limit and stops at the first longer one', () => {
  const chunks = ['12345\n', '123', '456', '\nlater\n'].map((text) => Buffer.from(text));
  expect(read(5, chunks)).toEqual({ lines: ['12345'], overflows: 1 });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storable } from './storable.ts';

test.each([
  ['a\0b', 'a\ufffdb'],
  ['cut \ud83d', 'cut \ufffd'],
  ['\ude80 cut', '\ufffd cut'],
  ['whole 🚀 שלום', 'whole 🚀 שלום'],
])('%j becomes %j', (text, clean) => {
  expect(storable(text)).toBe(clean);
  expect(storable({ [text]: [text, { deep: text }], n: 1, nothing: null })).toEqual({
    [clean]: [clean, { deep: clean }],
    n: 1,
    nothing: null,
  });
});

test('whatever comes in can be stored, and what could be stored is left as it is', () => {
  const text = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  });
  fc.assert(
    fc.property(text, (any) => {
      const clean = storable(any);
      expect(clean).not.toMatch(/\0/);
      expect(Buffer.from(clean, 'utf8').toString('utf8')).toBe(clean);
      expect(storable(clean)).toBe(clean);
      expect(clean).toHaveLength(any.length);
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(storable(value)).toEqual(value);
    }),
  );
});

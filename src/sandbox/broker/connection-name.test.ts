import fc from 'fast-check';
import { expect, it } from 'vitest';
import { baseUrlOf, connectionOfHost } from './connection-name.ts';

it('names connections readably', () => {
  expect(baseUrlOf('http:web')).toBe('http://http-3aweb.reign');
  expect(baseUrlOf('kubernetes:staging/main')).toBe('http://kubernetes-3astaging-2fmain.reign');
});

it('gives back every id, even when a URL parser had the name in between', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (id) => {
      const { host } = new URL(baseUrlOf(id));
      expect(connectionOfHost(host)).toBe(Buffer.from(id).toString());
      expect(connectionOfHost(`${host.toUpperCase()}:80`)).toBe(Buffer.from(id).toString());
    }),
  );
});

it.each([
  undefined,
  '',
  'reign',
  '.reign',
  'localhost',
  'a.b.reign',
  'a_b.reign',
  'a-4.reign',
  'a-zz.reign',
  'web.reign:81',
  'a-ff.reign',
  '-61.reign',
])('finds no connection in %j', (host) => {
  expect(connectionOfHost(host)).toBeUndefined();
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { findReferences, readPointer, substitute, topField } from './references.ts';

const request = {
  name: { $from: 'find', at: '/rows/0/name' },
  nested: { list: [1, { $from: 'count' }], 'a/b~c': { $from: 'find', at: '' } },
};

describe('references between steps', () => {
  it('are found wherever they stand, by JSON pointer', () => {
    expect(findReferences(request)).toEqual({
      problems: [],
      references: [
        { field: '/name', from: 'find', at: '/rows/0/name' },
        { field: '/nested/list/1', from: 'count', at: '' },
        { field: '/nested/a~1b~0c', from: 'find', at: '' },
      ],
    });
  });

  it.each<Json>([
    { name: { $from: 3 } },
    { name: { $from: 'find', at: 'rows' } },
    { name: { $from: 'find', at: '/rows', more: true } },
    { name: { $from: null } },
    { $from: 'find' },
  ])('that cannot be read are a problem, never a value: %j', (wrong) => {
    const { references, problems } = findReferences(wrong);
    expect(references).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('are replaced by their values; one without a value is left out', () => {
    const values: Record<string, Json> = { '/name': 'checkout', '/nested/list/1': 4 };
    expect(substitute(request, (field) => values[field])).toEqual({
      name: 'checkout',
      nested: { list: [1, 4] },
    });
  });

  it('read a result by pointer, own fields only', () => {
    const result = { rows: [{ name: 'a' }], 'x/y': { '~': 1 } };
    expect(readPointer(result, '/rows/0/name')).toBe('a');
    expect(readPointer(result, '/x~1y/~0')).toBe(1);
    expect(readPointer(result, '')).toEqual(result);
    for (const missing of ['/rows/1', '/rows/0/name/0', '/toString', '/rows/length/x', '/__proto__'])
      expect(readPointer(result, missing)).toBeUndefined();
  });

  it('leave a request without references as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        expect(substitute(plain, () => 'never')).toEqual(plain);
        expect(findReferences(plain).references).toEqual([]);
      }),
    );
  });

  it('know whether they fill a field of the request itself', () => {
    expect(topField({ field: '/body', from: 'a', at: '' })).toBe('body');
    expect(topField({ field: '/body/text', from: 'a', at: '' })).toBeUndefined();
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePatch } from './merge-patch.ts';

test('names only what differs, removes with null, and takes lists whole', () => {
  const from = {
    spec: { replicas: 3, template: { labels: { a: '1', b: '2' }, containers: [{ name: 'x' }] } },
  };
  const to = { spec: { replicas: 3, template: { labels: { a: '1' }, containers: [{ name: 'y' }] } } };
  expect(mergePatch(from, to)).toEqual({
    spec: { template: { labels: { b: null }, containers: [{ name: 'y' }] } },
  });
});

test('equal values need no patch', () => {
  expect(mergePatch({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBeUndefined();
  expect(mergePatch({ a: undefined }, {})).toBeUndefined();
});

test('applying the patch gives the wanted value, whatever the two are', () => {
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer()));
  const object = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(leaf, fc.dictionary(fc.constantFrom('x', 'y'), leaf)),
  );
  fc.assert(
    fc.property(object, object, (from, to) => {
      expect(apply(from, mergePatch(from, to) ?? {})).toEqual(apply({}, to));
    }),
  );
});

/** RFC 7386, as the server does it. */
function apply(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const result: { [field: string]: unknown } = isObject ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = apply(result[field], value);
  }
  return result;
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deploymentSchema } from '../schema/others.ts';
import { configMapSchema } from '../schema/pod.ts';
import type { KubeObject } from '../types.ts';
import { applyConfiguration } from './apply.ts';
import { fieldsOf, fromFieldsV1, toFieldsV1 } from './field-set.ts';
import { applyJsonPatch, PatchMismatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { applyStrategicPatch } from './strategic-patch.ts';

const now = '2026-01-01T00:00:00Z';

function withContainers(...containers: object[]): object {
  return { spec: { template: { spec: { containers } } } };
}

function strategic(document: object, patch: object): unknown {
  return applyStrategicPatch(document, patch, deploymentSchema);
}

describe('JSON patch', () => {
  test('all operations', () => {
    const document = { a: { b: [1, 2, 3] }, 'x/y': 1, 'm~n': 2 };
    const patch = [
      { op: 'test', path: '/a/b/1', value: 2 },
      { op: 'add', path: '/a/b/1', value: 9 },
      { op: 'remove', path: '/a/b/0' },
      { op: 'add', path: '/a/b/-', value: 4 },
      { op: 'replace', path: '/x~1y', value: 5 },
      { op: 'move', from: '/m~0n', path: '/moved' },
      { op: 'copy', from: '/a/b', path: '/copied' },
    ];
    expect(applyJsonPatch(document, patch)).toEqual({
      a: { b: [9, 2, 3, 4] },
      'x/y': 5,
      moved: 2,
      copied: [9, 2, 3, 4],
    });
    expect(document).toEqual({ a: { b: [1, 2, 3] }, 'x/y': 1, 'm~n': 2 });
  });

  test('what does not fit is told', () => {
    expect(() => applyJsonPatch({}, [{ op: 'replace', path: '/a', value: 1 }])).toThrow(PatchMismatch);
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }])).toThrow(
      'testing path /a failed',
    );
  });
});

test('merge patch: null removes, lists are replaced', () => {
  const result = applyMergePatch({ a: { b: 1, c: 2 }, list: [1, 2] }, { a: { b: null, d: 3 }, list: [9] });
  expect(result).toEqual({ a: { c: 2, d: 3 }, list: [9] });
});

describe('strategic merge patch', () => {
  const document = withContainers({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' });

  test('items are merged, added and deleted by name', () => {
    const patch = withContainers(
      { name: 'c', image: 'c:1' },
      { name: 'a', image: 'a:2' },
      { name: 'b', $patch: 'delete' },
    );
    expect(strategic(document, patch)).toEqual(
      withContainers({ name: 'a', image: 'a:2' }, { name: 'c', image: 'c:1' }),
    );
  });

  test('an item without its name is refused', () => {
    expect(() => strategic(document, withContainers({ image: 'x' }))).toThrow(
      'does not contain declared merge key: name',
    );
  });

  test('replace, retainKeys and the order of items', () => {
    const replaced = { spec: { template: { spec: { $patch: 'replace', containers: [{ name: 'z' }] } } } };
    expect(strategic(document, replaced)).toEqual(withContainers({ name: 'z' }));
    const recreate = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    const rolling = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    expect(strategic(rolling, recreate)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
    const order = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] };
    const reordered = strategic(document, { spec: { template: { spec: order } } });
    expect(reordered).toEqual(withContainers({ name: 'b', image: 'b:1' }, { name: 'a', image: 'a:1' }));
  });
});

describe('server-side apply', () => {
  const data = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '3'));
  const base = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', uid: 'u', creationTimestamp: now },
  };
  const apply = (live: KubeObject, manager: string, values: object) =>
    applyConfiguration(
      live,
      { ...base, data: values },
      {
        schema: configMapSchema,
        writer: { manager, operation: 'Apply' },
        force: true,
        now,
      },
    );

  test('the applied values hold, and applying again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('one', 'two'), data), { minLength: 1, maxLength: 6 }),
        (steps) => {
          let live = base as KubeObject;
          for (const [manager, values] of steps) {
            live = apply(live, manager, values);
            expect(live.data ?? {}).toMatchObject(values);
            expect(apply(live, manager, values)).toEqual(live);
          }
        },
      ),
    );
  });

  test('every value belongs to the last manager that still names it', () => {
    fc.assert(
      fc.property(data, data, (first, second) => {
        const both = apply(apply(base as KubeObject, 'one', first), 'two', second);
        expect(both.data ?? {}).toEqual({ ...first, ...second });
        const left = apply(both, 'two', {});
        const kept = Object.entries(first).filter(
          ([key, value]) => second[key] === undefined || second[key] === value,
        );
        expect(left.data ?? {}).toEqual(Object.fromEntries(kept));
      }),
    );
  });

  test('the written form of a field set reads back', () => {
    const object = withContainers({ name: 'a', image: 'i', env: [{ name: 'X', value: '1' }], args: ['-v'] });
    for (const containers of [true, false]) {
      const set = fieldsOf(object as Record<string, unknown>, deploymentSchema, {
        containers,
        status: false,
      });
      expect(fromFieldsV1(toFieldsV1(set.keys()))).toEqual(new Set(set.keys()));
    }
  });
});

import { expect, test } from 'vitest';
import { FaultError } from '../../domain/fault.ts';
import { editText, withoutDocument } from './edit-text.ts';
import { type Edit, editsBetween } from './edits.ts';

const file = `# The checkout of the shop.
apiVersion: v1   # stays
kind: Service
metadata: {name: checkout,namespace: shop}
---
# Who runs it
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout

spec:
  replicas: 3   # see the runbook
  template:
    spec:
      containers:
      - name: 'checkout'   # main
        image: "registry.demo/checkout:1.4"

      - name: side
        image: registry.demo/side:2
`;
const image: Edit = {
  place: ['spec', 'template', 'spec', 'containers', { item: 'checkout' }, 'image'],
  to: 'registry.demo/checkout:1.5',
};

test('values are changed in their place, and no other character is', () => {
  const changed = editText(file, 1, [{ place: ['spec', 'replicas'], to: 6 }, image]);
  expect(changed).toBe(file.replace('replicas: 3 ', 'replicas: 6 ').replace('checkout:1.4', 'checkout:1.5'));
});

test('what is new or goes is written with the comments and the indenting of the file, in its document alone', () => {
  const changed = editText(file, 1, [
    { place: ['spec', 'minReadySeconds'], to: 5 },
    { place: ['spec', 'template', 'spec', 'containers', { item: 'side' }], to: undefined },
    { place: ['metadata', 'labels', 'team'], to: 'shop' },
  ]);
  const [first] = file.split('---');
  expect(changed.startsWith(first ?? '?')).toBe(true);
  expect(changed).toContain('# Who runs it');
  expect(changed).toContain('  replicas: 3 # see the runbook\n');
  expect(changed).toContain("      containers:\n      - name: 'checkout' # main\n");
  expect(changed).toContain('  labels:\n    team: shop\n');
  expect(changed).toContain('  minReadySeconds: 5\n');
  expect(changed).not.toContain('side');
});

test('a value that would mean something else unquoted is quoted', () => {
  expect(editText('a: x\n', 0, [{ place: ['a'], to: '1.10' }])).toBe('a: "1.10"\n');
  expect(editText('a: {b: x, c: y}\n', 0, [{ place: ['a', 'b'], to: 'p, q' }])).toContain('"p, q"');
  expect(editText('a:\n', 0, [{ place: ['a'], to: 2 }])).toBe('a: 2\n');
});

test('what the file does not hold, and what stands behind an alias, is refused', () => {
  const sidecar = { place: ['spec', 'template', 'spec', 'containers', { item: 'proxy' }, 'image'], to: 'x' };
  expect(() => editText(file, 1, [sidecar])).toThrow(/does not hold .*containers\[proxy\]\.image/);
  const shared = 'a: &size 3\nb: *size\n';
  expect(() => editText(shared, 0, [{ place: ['b'], to: 4 }])).toThrow(FaultError);
  expect(() => editText(shared, 0, [{ place: ['a'], to: 4 }])).toThrow(/alias/);
});

test('a document goes with its comment; of the last one nothing is left', () => {
  expect(withoutDocument(file, 0)).toBe(file.slice(file.indexOf('---')));
  expect(withoutDocument(file, 1)).toBe(file.slice(0, file.indexOf('---')));
  expect(withoutDocument('kind: X\n', 0)).toBeUndefined();
});

test('edits are as small as names of items allow', () => {
  const containers = (tag: string) => ({
    spec: { containers: [{ name: 'web', image: `web:${tag}`, ports: [1] }] },
  });
  expect(editsBetween(containers('1'), containers('2'))).toEqual([
    { place: ['spec', 'containers', { item: 'web' }, 'image'], to: 'web:2' },
  ]);
  expect(editsBetween({ a: [1, 2], b: 1 }, { a: [1, 3] })).toEqual([
    { place: ['a'], to: [1, 3] },
    { place: ['b'], to: undefined },
  ]);
});

import { expect, test } from 'vitest';
import { imageProblem, withTag } from './image.ts';

test.each([
  ['nginx', '1.29', 'nginx:1.29'],
  ['nginx:1.28', '1.29', 'nginx:1.29'],
  ['registry.local:5000/shop/checkout', 'v2', 'registry.local:5000/shop/checkout:v2'],
  ['registry.local:5000/shop/checkout:v1', ':v2', 'registry.local:5000/shop/checkout:v2'],
  [`shop/checkout:1.4@sha256:${'a'.repeat(64)}`, '1.5', 'shop/checkout:1.5'],
  ['shop/checkout:1.4', `sha256:${'b'.repeat(64)}`, `shop/checkout@sha256:${'b'.repeat(64)}`],
])('%s with tag %s is %s', (image, tag, whole) => {
  expect(withTag(image, tag)).toBe(whole);
});

test.each([
  'nginx',
  'nginx:1.29-alpine',
  'ghcr.io/acme/x:edge',
  'localhost:5000/a/b_c:V1',
  `a@sha256:${'0'.repeat(64)}`,
])('%s is an image', (image) => {
  expect(imageProblem(image)).toBeUndefined();
});

test.each(['', 'Nginx', 'nginx:', 'a b', 'nginx:1;rm', 'a@sha256:1f', '-x', 'http://nginx'])(
  '"%s" is none',
  (image) => {
    expect(imageProblem(image)).toContain('not an image reference');
  },
);

import { expect, test } from 'vitest';
import { imageReference } from './image.ts';

test.each([
  ['nginx', 'nginx:latest'],
  [' redis:7 ', 'redis:7'],
  ['registry.example:5000/team/api', 'registry.example:5000/team/api:latest'],
  ['ghcr.io/a/b:1.0_x', 'ghcr.io/a/b:1.0_x'],
  [`a@sha256:${'0'.repeat(64)}`, `a@sha256:${'0'.repeat(64)}`],
])('%s is %s', (text, reference) => {
  expect(imageReference(text)).toBe(reference);
});

test.each([
  '',
  'a b',
  'A:1',
  'a:',
  '-a',
  '../a',
  'a/../b',
  'a?x',
  'http://a/b',
  'a@sha256:1',
  'a'.repeat(300),
])('"%s" is none', (text) => {
  expect(imageReference(text)).toBeUndefined();
});

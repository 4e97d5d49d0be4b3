import { expect, test } from 'vitest';
import { matchesSelector, parseFieldSelector, parseLabelSelector, selectorText } from './selector.ts';
import type { KubeObject } from './types.ts';

test.each([
  ['a=1', { a: '1' }, true],
  ['a==1,b!=2', { a: '1' }, true],
  ['a!=1', { a: '1' }, false],
  ['a in (1, 2)', { a: '2' }, true],
  ['a notin (1,2)', {}, true],
  ['a', { a: '' }, true],
  ['!a', { a: '' }, false],
  ['a,!b,c in (x)', { a: '1', c: 'x' }, true],
  ['app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }, true],
  ['a=', { a: '' }, true],
])('%s on %j is %s', (selector, labels, expected) => {
  expect(parseLabelSelector(selector)(labels as Record<string, string>)).toBe(expected);
});

test('what cannot be read is refused', () => {
  expect(() => parseLabelSelector('a in 1')).toThrow('unable to parse requirement');
  expect(() => parseLabelSelector('=x')).toThrow('unable to parse requirement');
});

test('selectors as objects', () => {
  const selector = {
    matchLabels: { a: '1' },
    matchExpressions: [
      { key: 'b', operator: 'In', values: ['x', 'y'] },
      { key: 'c', operator: 'DoesNotExist' },
    ],
  };
  expect(matchesSelector(selector, { a: '1', b: 'y' })).toBe(true);
  expect(matchesSelector(selector, { a: '1', b: 'y', c: '' })).toBe(false);
  expect(matchesSelector(undefined, {})).toBe(false);
  expect(selectorText(selector)).toBe('a=1,b in (x,y),!c');
});

test('field selectors', () => {
  const pod = { metadata: { name: 'p' }, status: { phase: 'Running' } } as unknown as KubeObject;
  const fields = ['metadata.name', 'status.phase'];
  expect(parseFieldSelector('metadata.name=p,status.phase!=Pending', fields)(pod)).toBe(true);
  expect(parseFieldSelector('status.phase==Failed', fields)(pod)).toBe(false);
  expect(() => parseFieldSelector('spec.x=1', fields)).toThrow('field label not supported: spec.x');
});

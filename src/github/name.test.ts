import { expect, test } from 'vitest';
import type { ConnectionView } from '../domain/environment.ts';
import { candidatesFor, heldInWords, readName } from './name.ts';

const connection = (environment: string, holds: string[]): ConnectionView => {
  return { id: `github:${environment}/gh`, kind: 'github', environment, name: 'gh', demo: false, holds };
};
const staging = connection('staging', ['acme/*']);
const production = connection('production', ['acme/live', 'other/shop']);
const both = [staging, production];

test.each([
  ['web', { name: 'web' }],
  [' acme/web ', { owner: 'acme', name: 'web' }],
  ['https://github.com/acme/web.git', { owner: 'acme', name: 'web' }],
  ['https://github.com/acme/web/', { owner: 'acme', name: 'web' }],
  ['git@github.com:acme/web.git', { owner: 'acme', name: 'web' }],
  ['ssh://git@github.com/acme/web', { owner: 'acme', name: 'web' }],
  ['github:staging/gh/acme/web', { connection: 'github:staging/gh', owner: 'acme', name: 'web' }],
])('%j is %j', (text, name) => {
  expect(readName(text, both)).toEqual(name);
});

test.each(['', 'a/b/c', '../x', 'a/..', 'a b', 'a/b?c', 'a/b#1', '.'])('%j names nothing', (text) => {
  expect(readName(text, both)).toBeUndefined();
});

const found = (text: string) =>
  candidatesFor(readName(text, both) ?? { name: '' }, both).map(
    ({ connection, owner, name }) => `${connection.environment}: ${owner}/${name}`,
  );

test('a repository belongs to who lists it by name rather than to who holds all of its owner’s', () => {
  expect(found('acme/live')).toEqual(['production: acme/live']);
  expect(found('acme/LIVE')).toEqual(['production: acme/live']);
  expect(found('acme/web')).toEqual(['staging: acme/web']);
});

test('a bare name is completed by what the connections hold', () => {
  expect(found('shop')).toEqual(['staging: acme/shop', 'production: other/shop']);
  expect(found('web')).toEqual(['staging: acme/web']);
  expect(found('github:production/gh/other/shop')).toEqual(['production: other/shop']);
  expect(found('nobody/web')).toEqual([]);
  expect(heldInWords(both)).toBe('acme/* (staging); acme/live, other/shop (production)');
});

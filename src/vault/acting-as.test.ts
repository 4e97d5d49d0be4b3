import { expect, test } from 'vitest';
import { actingAs } from './acting-as.ts';

const names: Record<string, string> = { alice: 'alice@example.com', bob: 'bob@example.com' };
const headers = (people: string[], groups: string[] = []) =>
  actingAs('kubernetes:prod/main', people, { groups }, (person) => names[person]);

test('one person with a name acts, with the groups of the cluster', () => {
  expect(headers(['alice'], ['reign', 'ops'])).toEqual({
    'impersonate-user': 'alice@example.com',
    'impersonate-group': ['reign', 'ops'],
  });
  expect(headers(['bob'])).toEqual({ 'impersonate-user': 'bob@example.com' });
});

test('several people, nobody, and somebody without a name there are refused in words', () => {
  expect(() => headers(['alice', 'bob'])).toThrow(/alice and bob have asked for this/);
  expect(() => headers([])).toThrow(/nobody is known to have asked/);
  expect(() => headers(['carol'])).toThrow(/carol has no name there: give carol a `kubernetes` name/);
});

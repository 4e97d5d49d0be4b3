import { expect, test } from 'vitest';
import { explain } from './explain.ts';
import { person } from './fixtures.ts';
import { loadPolicy } from './load.ts';
import { readPolicyFiles } from './package-files.ts';

const policy = loadPolicy({ files: readPolicyFiles(['default']) });
const world = {
  people: [
    person('alice', 'operator'),
    person('bob', 'lead'),
    person('erin', 'operator@staging/shop', 'viewer'),
  ],
  environments: [
    { name: 'staging', tier: 'nonproduction', aliases: [], connections: [] },
    { name: 'production', tier: 'production', aliases: ['prod'], connections: [] },
  ] as const,
  catalogue: [
    { id: 'kubernetes.list', effect: 'read' },
    { id: 'kubernetes.delete', effect: 'delete' },
  ] as const,
};

test('every operation and place has a row that says who may do it and who must approve', () => {
  const rows = explain(policy, world);
  expect(rows.map(({ operation, place, objects }) => `${operation} ${place} ${objects}`)).toEqual([
    'kubernetes.list staging one',
    'kubernetes.list staging/shop one',
    'kubernetes.list production one',
    'kubernetes.delete staging one',
    'kubernetes.delete staging/shop one',
    'kubernetes.delete production one',
    'kubernetes.delete production several',
  ]);
  expect(rows[0]).toMatchObject({ outcome: 'allow', people: ['alice', 'bob', 'erin'], approvers: [] });
  expect(rows[3]).toMatchObject({ outcome: 'ask', people: ['alice', 'bob'], approvers: ['alice', 'bob'] });
  expect(rows[4]).toMatchObject({ people: ['alice', 'bob', 'erin'], needs: 'an operator' });
  expect(rows[5]).toMatchObject({
    needs: 'a lead who did not write this plan',
    people: ['alice', 'bob'],
    approvers: ['bob'],
  });
  expect(rows[6]).toMatchObject({ needs: 'two leads who did not write this plan', objects: 'several' });
});

test('a filter narrows the rows, and a person who may not is told why', () => {
  const rows = explain(policy, world, {
    operation: 'kubernetes.delete',
    environment: 'production',
    person: 'erin',
  });
  expect(rows).toEqual([
    {
      operation: 'kubernetes.delete',
      effect: 'delete',
      place: 'production',
      objects: 'one',
      people: [],
      outcome: 'deny',
      approvers: [],
      reason:
        'no policy lets erin, who is a viewer there, do kubernetes.delete in production: an operator there may',
    },
  ]);
});

test('what nobody may do has a row too', () => {
  const rows = explain(loadPolicy({ files: [] }), world, {
    environment: 'staging',
    operation: 'kubernetes.list',
  });
  expect(rows[0]).toMatchObject({
    outcome: 'deny',
    people: [],
    reason: 'no policy lets any of the people do this',
  });
});

import { expect, test } from 'vitest';
import { groupKey, withGroups } from './group.ts';
import type { Person } from './person.ts';

const leads = { name: 'leads', platform: 'slack', team: 'T1', id: 'S1', roles: [{ role: 'lead' }] } as const;
const alice: Person = {
  name: 'alice',
  roles: [{ role: 'operator' }],
  principals: [{ platform: 'slack', team: 'T1', user: 'U1' }],
};
const members = (...users: string[]) => new Map([[groupKey(leads), users]]);

test('a configured person has the roles of their groups besides their own', () => {
  const [person] = withGroups([alice], [leads], members('U1'));
  expect(person).toEqual({
    ...alice,
    roles: [{ role: 'operator' }, { role: 'lead' }],
    groups: ['leads'],
  });
});

test('a member whom nobody configured is called after their immutable id', () => {
  expect(withGroups([alice], [leads], members('U2'))[1]).toEqual({
    name: 'slack.U2',
    roles: [{ role: 'lead' }],
    principals: [{ platform: 'slack', team: 'T1', user: 'U2' }],
    groups: ['leads'],
  });
});

test('the same id in another team or on another platform is somebody else', () => {
  const other = { ...leads, team: 'T2' };
  const known = new Map([[groupKey(other), ['U1']]]);
  expect(withGroups([alice], [other], known).map(({ name }) => name)).toEqual(['alice', 'slack.U1']);
});

test('a group that is not known gives nobody anything', () => {
  expect(withGroups([alice], [leads], new Map())).toEqual([alice]);
});

test('members of several groups hold the roles of all', () => {
  const second = { ...leads, name: 'ops', id: 'S2', roles: [{ role: 'admin', scope: 'staging' }] } as const;
  const known = new Map([...members('U1'), [groupKey(second), ['U1']]]);
  const [person] = withGroups([alice], [leads, second], known);
  expect(person?.groups).toEqual(['leads', 'ops']);
  expect(person?.roles).toHaveLength(3);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoleBinding, principalKey, rolesAt, samePrincipal } from './person.ts';

const word = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
const principal = fc.record({ platform: word, team: word, user: word });

describe('principals', () => {
  it('are one only when platform, team and user id all are', () => {
    fc.assert(
      fc.property(principal, principal, (a, b) => {
        const same = a.platform === b.platform && a.team === b.team && a.user === b.user;
        expect(samePrincipal(a, b)).toBe(same);
        expect(principalKey(a) === principalKey(b)).toBe(same);
      }),
    );
  });

  it('of another team are somebody else, whatever their user id', () => {
    const bob = { platform: 'slack', team: 'T01TEST', user: 'U02BOB' };
    expect(samePrincipal(bob, { ...bob, team: 'T02OTHER' })).toBe(false);
    expect(samePrincipal(bob, { ...bob, platform: 'teams' })).toBe(false);
  });
});

describe('roles', () => {
  const person = (...roles: string[]) => ({ name: 'p', roles: roles.map(parseRoleBinding), principals: [] });

  it.each([
    ['lead', 'production/shop', ['lead']],
    ['lead', '', ['lead']],
    ['lead@staging', 'staging', ['lead']],
    ['lead@staging', 'staging/shop', ['lead']],
    ['lead@staging', 'staging2', []],
    ['lead@staging', 'production', []],
    ['lead@staging', '', []],
    ['lead@staging/shop', 'staging/shop', ['lead']],
    ['lead@staging/shop', 'staging', []],
    ['lead@staging/shop', 'staging/shop2', []],
  ])('%s at "%s" is %j', (role, place, expected) => {
    expect(rolesAt(person(role), place)).toEqual(expected);
  });

  it.each(['', 'owner', 'lead@', 'lead@a@b', 'Lead', '__proto__', 'constructor'])('refuses "%s"', (text) => {
    expect(() => parseRoleBinding(text)).toThrow(TypeError);
  });
});

import { canonicalJson } from './json.ts';
import { type Person, type Principal, type RoleBinding, samePrincipal } from './person.ts';

/** A group that a chat platform keeps (a Slack user group, an Entra group) and the roles that its members hold. */
export type Group = {
  name: string;
  platform: string;
  team: string;
  id: string;
  roles: readonly RoleBinding[];
};

/** Who belongs to a group, as immutable user ids of its platform. */
export type GroupMembers = { group: string; members: readonly string[] };

/** A group's members with the gateway's signature, so that a worker need not ask the platform nor believe a row. */
export type SignedMembers = GroupMembers & { at: string; signature: string };

export function groupKey({ platform, team, id }: Pick<Group, 'platform' | 'team' | 'id'>): string {
  return `${platform}:${team}/${id}`;
}

/** What is signed of a group's members. */
export function membersContent({ group, members, at }: Omit<SignedMembers, 'signature'>): string {
  return canonicalJson({ kind: 'group-members', group, members: [...members], at });
}

/**
 * The configured people with the roles of the groups they belong to, and the members that nobody configured: each is
 * called after their immutable id, since display names can be chosen freely.
 * @param known the members of a group by `groupKey`; a group that is absent gives nobody anything.
 */
export function withGroups(
  people: readonly Person[],
  groups: readonly Group[],
  known: ReadonlyMap<string, readonly string[]>,
): Person[] {
  const all = new Map(people.map((person) => [person.name, person]));
  for (const group of groups) {
    for (const user of known.get(groupKey(group)) ?? []) {
      const principal = { platform: group.platform, team: group.team, user };
      const is = ({ principals }: Person) => principals.some((each) => samePrincipal(each, principal));
      const before = [...all.values()].find(is) ?? newcomer(principal, all);
      const roles = [...before.roles, ...group.roles];
      all.set(before.name, { ...before, roles, groups: [...(before.groups ?? []), group.name] });
    }
  }
  return [...all.values()];
}

function newcomer(principal: Principal, known: ReadonlyMap<string, Person>): Person {
  const { platform, team, user } = principal;
  const short = `${platform}.${user}`;
  // A name belongs to one human: who has it already is somebody else.
  const name = known.has(short) ? `${platform}.${team}.${user}` : short;
  return { name, roles: [], principals: [principal] };
}

import { roleRank } from '../domain/person.ts';
import type { PathProblem } from './issues.ts';
import type { Item, NamedEnvironment, NamedGroup, NamedPerson } from './named-parts.ts';
import { nearest, suggestion } from './suggest.ts';

/** Names and chat identities that two people share, and roles that are missing, do not exist or hold nowhere. */
export function peopleProblems(
  people: readonly NamedPerson[],
  groups: readonly NamedGroup[],
  environments: readonly NamedEnvironment[] | undefined,
): PathProblem[] {
  const bare = groups.length > 0 ? [] : people.filter(({ roles }) => roles === undefined);
  return [
    ...doubles(people, 'name'),
    ...doubles(people, 'slack'),
    ...doubles(people, 'teams'),
    ...doubles(people, 'oidc', (id) => id),
    ...bare.map(({ index }) => ({
      path: ['people', index],
      message: `people[${index}].roles: is missing: give at least one role, here or by a group`,
    })),
    ...groupNameProblems(people, groups),
    ...people.flatMap((person) => roleProblems('people', person, environments)),
    ...groups.flatMap((group) => roleProblems('groups', group, environments)),
  ];
}

/** `same` says as what two values count as one; the case of most does not matter. */
function doubles(
  people: readonly NamedPerson[],
  field: 'name' | 'slack' | 'teams' | 'oidc',
  same = (value: string) => value.toLowerCase(),
): PathProblem[] {
  const first = new Map<string, number>();
  return people.flatMap(({ index, [field]: value }) => {
    if (value === undefined) return [];
    const other = first.get(same(value));
    if (other === undefined) {
      first.set(same(value), index);
      return [];
    }
    const message = `people[${index}].${field}: "${value}" is used twice: people[${other}] has it too`;
    return [{ path: ['people', index, field], message }];
  });
}

/** A name stands for one person or one group, wherever it is written. */
function groupNameProblems(people: readonly NamedPerson[], groups: readonly NamedGroup[]): PathProblem[] {
  const taken = new Set(people.map(({ name }) => name?.toLowerCase()));
  return groups.flatMap(({ index, name }) => {
    if (name === undefined || !taken.has(name.toLowerCase())) {
      taken.add(name?.toLowerCase());
      return [];
    }
    const message = `groups[${index}].name: "${name}" is used twice`;
    return [{ path: ['groups', index, 'name'], message }];
  });
}

function roleProblems(
  list: 'people' | 'groups',
  { index, roles = [] }: { index: number; roles: readonly Item[] | undefined },
  environments: readonly NamedEnvironment[] | undefined,
): PathProblem[] {
  return roles.flatMap(({ position, text }) => {
    const wrong = roleProblem(text, environments);
    if (wrong === undefined) return [];
    const message = `${list}[${index}].roles[${position}]: ${wrong}`;
    return [{ path: [list, index, 'roles', position], message }];
  });
}

function roleProblem(
  text: string,
  environments: readonly NamedEnvironment[] | undefined,
): string | undefined {
  const [role = '', scope, ...rest] = text.split('@');
  const roles = Object.keys(roleRank);
  if (!roles.includes(role)) {
    return `"${role}" is no role (${roles.join(', ')})${suggestion(role, roles)}`;
  }
  if (scope === undefined) return undefined;
  const [environment = '', below, ...more] = scope.split('/');
  if (rest.length > 0 || more.length > 0 || environment === '' || below === '') {
    return `"${text}" is no role: write ${role}, ${role}@environment or ${role}@environment/namespace`;
  }
  return environments && scopeProblem(environment, below, environments);
}

function scopeProblem(
  environment: string,
  below: string | undefined,
  environments: readonly NamedEnvironment[],
): string | undefined {
  const found = environments.find(({ name }) => name === environment);
  if (!found) return `no environment is called "${environment}"${meant(environment, environments)}`;
  if (!below?.startsWith('cluster:')) return undefined;
  const cluster = below.slice('cluster:'.length);
  if (found.clusterNames.includes(cluster)) return undefined;
  return `${environment} has no cluster "${cluster}"${suggestion(cluster, found.clusterNames)}`;
}

/** An alias may come to mean another environment, so rights are bound to names only. */
function meant(word: string, environments: readonly NamedEnvironment[]): string {
  const aliased = environments.find(({ aliases }) => aliases.some(({ text }) => text === word));
  if (aliased) return `: write "${aliased.name}", of which it is an alias`;
  const near = nearest(
    word,
    environments.map(({ name }) => name),
  );
  return near === undefined ? '' : `: did you mean "${near}"?`;
}

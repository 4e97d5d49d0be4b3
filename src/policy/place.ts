import type { Tier } from '../domain/environment.ts';
import { type Person, type Role, roleRank, rolesAt } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';

const roles = Object.keys(roleRank) as Role[];

/** The roles a person holds where the act happens, with the lower ones that each implies. */
export function rolesHeld(person: Person, act: PolicyAct): Role[] {
  const highest = Math.max(-1, ...rolesAt(person, placeOf(act)).map((role) => roleRank[role]));
  return roles.filter((role) => roleRank[role] <= highest);
}

/** The tier that rules see: what is in no configured environment is production, whatever the act says. */
export function tierOfAct(act: PolicyAct): Tier {
  return act.environment === undefined ? 'production' : act.tier;
}

/** The namespace below the environment, or undefined. */
export function namespaceOf(act: PolicyAct): string | undefined {
  const place = placeOf(act);
  const below = place.slice((act.environment ?? '').length + 1);
  return below === '' || below.startsWith('cluster:') ? undefined : below;
}

/** A place outside the act's environment is not believed. Without an environment only roles that hold everywhere count. */
function placeOf({ environment, place }: PolicyAct): string {
  if (environment === undefined) return '';
  return place?.startsWith(`${environment}/`) ? place : environment;
}

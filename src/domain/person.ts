/** Who spoke, as the platform knows them. An e-mail address or a display name never decides. */
export type Principal = { platform: string; team: string; user: string };

export type Role = 'viewer' | 'operator' | 'lead' | 'admin';

/** A role, everywhere (`scope` absent) or below `environment[/namespace]` or `environment/cluster:name`. */
export type RoleBinding = { role: Role; scope?: string };

/** A configured person: one human, however many chat identities they have. */
export type Person = {
  name: string;
  roles: readonly RoleBinding[];
  principals: readonly Principal[];
  /** Allowed although a guest, or of another organisation, on a chat platform. */
  guest?: boolean;
  /** Their name in clusters where steps act as the person who asks. */
  kubernetes?: string;
  /** What the on-call schedule calls them, where that is not their name. */
  onCallAs?: string;
  /** Names of the groups that gave them roles. */
  groups?: readonly string[];
};

export const roleRank: Record<Role, number> = { viewer: 0, operator: 1, lead: 2, admin: 3 };

export function principalKey(principal: Principal): string {
  return `${principal.platform}:${principal.team}/${principal.user}`;
}

export function samePrincipal(a: Principal, b: Principal): boolean {
  return a.platform === b.platform && a.team === b.team && a.user === b.user;
}

/** Whether a person holds one of these roles bound to no place. */
export function holdsEverywhere({ roles }: Person, wanted: readonly Role[]): boolean {
  return roles.some(({ role, scope }) => scope === undefined && wanted.includes(role));
}

/**
 * The roles a person holds at a place (`environment` or `environment/namespace`).
 * A binding holds at its own scope and below it, never above.
 */
export function rolesAt(person: Person, place: string): Role[] {
  return person.roles
    .filter(({ scope }) => scope === undefined || place === scope || place.startsWith(`${scope}/`))
    .map(({ role }) => role);
}

/** Reads `lead` or `admin@staging` or `operator@staging/shop`. Throws a TypeError naming what is wrong. */
export function parseRoleBinding(text: string): RoleBinding {
  const [role, scope, ...rest] = text.split('@');
  if (!role || !Object.hasOwn(roleRank, role) || rest.length > 0 || scope === '') {
    throw new TypeError(
      `"${text}" is no role: write viewer, operator, lead or admin, or one of them with @environment`,
    );
  }
  return scope === undefined ? { role: role as Role } : { role: role as Role, scope };
}

import type { Ask } from '../domain/approval.ts';
import { type Role, roleRank } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';

const numbers = ['no', 'one', 'two', 'three', 'four', 'five'];
const roleNames = {
  viewer: { one: 'a viewer', many: 'viewers' },
  operator: { one: 'an operator', many: 'operators' },
  lead: { one: 'a lead', many: 'leads' },
  admin: { one: 'an admin', many: 'admins' },
} as const satisfies Record<Role, { one: string; many: string }>;

/** Who must agree, e.g. "two leads who did not write this plan". */
export function wordsForAsk({ quorum, roles, notAuthor }: Ask): string {
  const lowest = lowestRole(roles) ?? 'admin';
  const who = quorum === 1 ? roleNames[lowest].one : `${numbers[quorum] ?? quorum} ${roleNames[lowest].many}`;
  return notAuthor ? `${who} who did not write this plan` : who;
}

/** What is to be agreed to, with its verb, e.g. "Writes in production need". */
export function wordsForNeed(act: PolicyAct): string {
  const where = `in ${wordsForPlace(act)}`;
  switch (act.effect) {
    case 'read':
      return `Reads ${where} need`;
    case 'create':
    case 'update':
      return `Writes ${where} need`;
    case 'delete':
      return act.objects > 1 ? `Deleting ${act.objects} objects ${where} needs` : `Deletions ${where} need`;
    case 'run-code':
      return `Code ${where} needs`;
    default:
      return act.effect satisfies never;
  }
}

export function wordsForPlace({ environment }: PolicyAct): string {
  return environment ?? 'production (the environment is not known)';
}

export function wordsForRole(role: Role): string {
  return roleNames[role].one;
}

/** The highest of the roles held, as in "is an operator", or "has no role". */
export function wordsForHeld(held: readonly Role[]): string {
  const highest = [...held].sort((a, b) => roleRank[b] - roleRank[a])[0];
  return highest === undefined ? 'has no role' : `is ${roleNames[highest].one}`;
}

function lowestRole(roles: readonly Role[]): Role | undefined {
  return [...roles].sort((a, b) => roleRank[a] - roleRank[b])[0];
}

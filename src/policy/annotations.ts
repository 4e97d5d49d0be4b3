import type { Ask } from '../domain/approval.ts';
import { type Role, roleRank } from '../domain/person.ts';

export type Annotations = Readonly<Record<string, string | null>>;

/** What a permit for `execute` comes to where it matches. */
export type RuleOutcome = { kind: 'allow' } | { kind: 'ask'; ask: Ask };

const always = ['id', 'reason'];
const forAsk = ['outcome', 'quorum', 'roles', 'author', 'expires'];
const roles = (Object.keys(roleRank) as Role[]).sort((a, b) => roleRank[a] - roleRank[b]);

/** Reads the annotations of a permit that covers `execute`. What is wrong is added to `problems` in words. */
export function readOutcome(
  annotations: Annotations,
  expiresAfterSeconds: number,
  problems: string[],
): RuleOutcome {
  const outcome = annotations.outcome;
  if (outcome === 'ask') {
    refuseOthers(annotations, [...always, ...forAsk], problems);
    return { kind: 'ask', ask: readAsk(annotations, expiresAfterSeconds, problems) };
  }
  if (outcome !== 'allow') {
    problems.push(
      'a permit that covers "execute" says what is needed: add @outcome("allow") or @outcome("ask")',
    );
  }
  refuseOthers(annotations, [...always, 'outcome'], problems);
  return { kind: 'allow' };
}

/** A forbid, or a permit for `request` or `approve`, has an id and a reason and nothing else to say. */
export function refuseOutcome(annotations: Annotations, problems: string[]): void {
  refuseOthers(annotations, always, problems);
}

function refuseOthers(annotations: Annotations, known: readonly string[], problems: string[]): void {
  for (const name of Object.keys(annotations)) {
    if (known.includes(name)) continue;
    problems.push(
      `@${name} means nothing here; this rule may have ${known.map((each) => `@${each}`).join(', ')}`,
    );
  }
}

function readAsk(annotations: Annotations, expiresAfterSeconds: number, problems: string[]): Ask {
  return {
    quorum: readQuorum(annotations.quorum ?? '1', problems),
    roles: readRoles(annotations.roles, problems),
    notAuthor: readAuthor(annotations.author ?? 'no', problems),
    expiresAfterSeconds: readExpiry(annotations.expires, expiresAfterSeconds, problems),
  };
}

function readQuorum(text: string, problems: string[]): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  problems.push(`@quorum("${text}") is no number of people: write 1 to 99`);
  return 1;
}

/** The lowest role named and all above it, because a role holds the lower ones. Two such lists always overlap. */
function readRoles(text: string | null | undefined, problems: string[]): Role[] {
  const named = (text ?? '').split(/[\s,]+/).filter(Boolean);
  const unknown = named.filter((role) => !Object.hasOwn(roleRank, role) || role === 'viewer');
  if (named.length === 0 || unknown.length > 0) {
    problems.push(`@roles("${text ?? ''}") names who may approve: write operator, lead or admin`);
    return ['admin'];
  }
  const lowest = Math.min(...named.map((role) => roleRank[role as Role]));
  return roles.filter((role) => roleRank[role] >= lowest);
}

function readAuthor(text: string, problems: string[]): boolean {
  if (text !== 'yes' && text !== 'no') {
    problems.push(`@author("${text}") says whether an author of the plan may approve it: write yes or no`);
  }
  return text !== 'yes';
}

function readExpiry(text: string | null | undefined, otherwise: number, problems: string[]): number {
  if (text === undefined) return otherwise;
  const found = /^([1-9]\d{0,5})([smhd])$/.exec(text ?? '');
  if (!found) {
    problems.push(`@expires("${text ?? ''}") is no time: write a number and s, m, h or d, as in 30m or 4h`);
    return otherwise;
  }
  return Number(found[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[found[2] as 's' | 'm' | 'h' | 'd'];
}

import { type Ask, type PolicyOutcome, stricterAsk } from '../domain/approval.ts';
import { roleRank } from '../domain/person.ts';

type Asking = Extract<PolicyOutcome, { kind: 'ask' }>;

/**
 * One outcome for several: a denial wins, then the strictest of the asks, then allow. The order does not matter.
 * Nothing at all is a denial.
 */
export function strictest(outcomes: readonly PolicyOutcome[]): PolicyOutcome {
  const denials = outcomes.filter(({ kind }) => kind === 'deny');
  if (denials.length > 0) return { kind: 'deny', reason: joinReasons(denials) };
  const asks = outcomes.filter((outcome): outcome is Asking => outcome.kind === 'ask');
  const [first, ...others] = asks;
  if (first) {
    const ask = others.reduce((joined, other) => stricterAsk(joined, other.ask), first.ask);
    return { kind: 'ask', ask, reason: joinReasons(asks.filter((one) => !surpassed(one, asks))) };
  }
  if (outcomes.length === 0) return { kind: 'deny', reason: 'nothing was asked for' };
  return { kind: 'allow', reason: joinReasons(outcomes) };
}

/** An ask whose demands another one covers gives no reason of its own. */
function surpassed(one: Asking, all: readonly Asking[]): boolean {
  return all.some(({ ask }) => !sameAsk(ask, one.ask) && sameAsk(stricterAsk(ask, one.ask), ask));
}

function sameAsk(a: Ask, b: Ask): boolean {
  return (
    a.quorum === b.quorum &&
    a.notAuthor === b.notAuthor &&
    a.expiresAfterSeconds === b.expiresAfterSeconds &&
    lowestRank(a) === lowestRank(b)
  );
}

function lowestRank({ roles }: Ask): number {
  return Math.min(...roles.map((role) => roleRank[role]));
}

function joinReasons(outcomes: readonly { reason: string }[]): string {
  return [...new Set(outcomes.map(({ reason }) => reason))].sort().join('; ');
}

import type { PolicyOutcome } from '../domain/approval.ts';
import { type Person, type Role, roleRank } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';
import type { Evaluate, Evaluation, PolicyAction } from './evaluate.ts';
import { strictest } from './outcome.ts';
import { rolesHeld } from './place.ts';
import type { Rule } from './rules.ts';
import { wordsForAsk, wordsForHeld, wordsForPlace, wordsForRole } from './words.ts';

/** What one author's act needs: they must be let ask for it, and then the strictest rule for running it holds. */
export function judgeAuthor(evaluate: Evaluate, act: PolicyAct, author: Person): PolicyOutcome {
  const held = rolesHeld(author, act);
  const requested = evaluate('request', act, author.name, held);
  if (requested.kind !== 'permitted') return denial(evaluate, 'request', act, author.name, held, requested);
  const executed = evaluate('execute', act, author.name, held);
  if (executed.kind !== 'permitted') return denial(evaluate, 'execute', act, author.name, held, executed);
  return strictest(executed.rules.map(outcomeOf));
}

/** Says in words why an evaluation is a denial, and which role would do. */
export function denial(
  evaluate: Evaluate,
  action: PolicyAction,
  act: PolicyAct,
  person: string,
  held: readonly Role[],
  evaluation: Evaluation,
): { kind: 'deny'; reason: string } {
  if (evaluation.kind === 'broken') {
    return {
      kind: 'deny',
      reason: `policy could not be evaluated, so nothing is let through until it is mended: ${evaluation.reason}`,
    };
  }
  if (evaluation.rules.length > 0) {
    const reasons = evaluation.rules.map(({ reason, name }) => reason ?? `the rule ${name} forbids it`);
    return { kind: 'deny', reason: [...new Set(reasons)].sort().join('; ') };
  }
  const who = `${person}, who ${wordsForHeld(held)} there,`;
  const what = action === 'approve' ? `approve ${act.operation}` : `do ${act.operation}`;
  const helper = lowestRoleThatMay(evaluate, action, act, person);
  return {
    kind: 'deny',
    reason: `no policy lets ${who} ${what} in ${wordsForPlace(act)}${
      helper === undefined ? '' : `: ${wordsForRole(helper)} there may`
    }`,
  };
}

/** The reason is part of what an approval is bound to, so it holds no path: that differs between machines. */
function outcomeOf({ outcome, reason, name }: Rule): PolicyOutcome {
  if (outcome === undefined)
    return { kind: 'deny', reason: `the rule ${name} does not say what it asks for` };
  if (outcome.kind === 'allow') return { kind: 'allow', reason: reason ?? 'a rule allows it' };
  return { kind: 'ask', ask: outcome.ask, reason: reason ?? `it needs ${wordsForAsk(outcome.ask)}` };
}

function lowestRoleThatMay(
  evaluate: Evaluate,
  action: PolicyAction,
  act: PolicyAct,
  person: string,
): Role | undefined {
  const roles = (Object.keys(roleRank) as Role[]).sort((a, b) => roleRank[a] - roleRank[b]);
  return roles.find((role) => {
    const held = roles.filter((lower) => roleRank[lower] <= roleRank[role]);
    return evaluate(action, act, person, held).kind === 'permitted';
  });
}

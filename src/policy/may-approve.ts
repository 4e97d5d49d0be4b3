import type { Approval } from '../domain/approval.ts';
import type { Person } from '../domain/person.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';
import type { Evaluate } from './evaluate.ts';
import { denial } from './judge.ts';
import { rolesHeld } from './place.ts';
import { wordsForAsk, wordsForHeld, wordsForNeed } from './words.ts';

/** Whether the person holds one of the roles that were asked for, and a rule for `approve` lets them. */
export function mayApprove(
  evaluate: Evaluate,
  act: PolicyAct,
  person: Person,
  approval: Approval,
): { ok: true } | { ok: false; reason: string } {
  if (approval.kind === 'none')
    return { ok: false, reason: `Nobody needs to approve this: ${approval.reason}.` };
  const held = rolesHeld(person, act);
  if (!held.some((role) => approval.roles.includes(role))) {
    const needed = `${wordsForNeed(act)} ${wordsForAsk(approval)}`;
    return { ok: false, reason: `${needed}; ${person.name} ${wordsForHeld(held)} there.` };
  }
  const evaluation = evaluate('approve', act, person.name, held);
  if (evaluation.kind === 'permitted') return { ok: true };
  return { ok: false, reason: denial(evaluate, 'approve', act, person.name, held, evaluation).reason };
}

import { type Approval, type Decision, decisionContent } from '../domain/approval.ts';
import { planDigest } from '../domain/digest.ts';
import { type Fault, FaultError, fault, toFault } from '../domain/fault.ts';
import { canonicalJson } from '../domain/json.ts';
import type { PolicyAct } from '../domain/ports/policy.ts';
import { actsOf, judgedPlan } from './acts.ts';
import { glassRefusal, isReview } from './break-glass.ts';
import type { Engine } from './engine.ts';
import type { PlanRecord } from './ports.ts';

/**
 * Whether what a plan's rows say may run is really what was approved. Asked at each claim and again by the broker
 * before it releases a credential. Nothing in the rows is believed: risk comes from the input, the need for approval
 * from policy, the digest is computed anew, and each decision's signature and its maker's roles are checked.
 * @returns the reason why not, or undefined.
 */
export function refusalToRun(engine: Engine, record: PlanRecord): Fault | undefined {
  try {
    const acts = actsOf(engine, record.steps);
    const approval = requiredApproval(engine, record, acts);
    checkDigest(record);
    if (approval.kind === 'ask' && !hasQuorum(engine, record, acts, approval)) {
      return fault('refused', `Plan ${record.plan.id} has no valid approval of what it would do now.`);
    }
    return undefined;
  } catch (error) {
    return toFault(error);
  }
}

function requiredApproval(engine: Engine, { plan }: PlanRecord, acts: readonly PolicyAct[]): Approval {
  if (plan.policyHash !== engine.policy.hash) {
    throw new FaultError('stale', 'The policy has changed since this plan was judged; ask for it again.');
  }
  const judged = judgedPlan(engine, plan, acts);
  if (judged.outcome === 'deny') throw new FaultError('not-allowed', judged.reason);
  if (canonicalJson(judged.approval) !== canonicalJson(plan.approval)) {
    throw new FaultError('stale', 'Policy asks for another approval than this plan was given.');
  }
  return judged.approval;
}

function checkDigest({ plan, steps }: PlanRecord): void {
  if (planDigest(plan, steps) !== plan.digest) {
    throw new FaultError('refused', `Plan ${plan.id} is not what was approved: its digest does not match.`);
  }
}

function hasQuorum(
  engine: Engine,
  record: PlanRecord,
  acts: readonly PolicyAct[],
  approval: Approval & { kind: 'ask' },
): boolean {
  const valid = record.decisions.filter(
    (decision) => !isReview(decision.via) && isValid(engine, record, decision),
  );
  if (valid.some(({ verdict }) => verdict !== 'approve')) return false;
  if (record.plan.undoOf !== undefined && valid.some(({ via }) => via === 'undo-hour')) return true;
  const alone = valid.filter(({ via, reason }) => via === 'break-glass' && reason !== undefined);
  if (alone.some(({ person }) => glassRefusal(engine, acts, person) === undefined)) return true;
  const approvers = new Set(
    valid
      .filter(({ via }) => via === 'button' || via === 'command')
      .filter(({ person }) => mayDecide(engine, record, acts, approval, person) === undefined)
      .map(({ person }) => person),
  );
  return approvers.size >= approval.quorum;
}

function isValid(engine: Engine, { plan }: PlanRecord, decision: Decision): boolean {
  return (
    decision.planId === plan.id &&
    decision.revision === plan.revision &&
    decision.digest === plan.digest &&
    engine.verifier.verify(canonicalJson(decisionContent(decision)), decision.signature)
  );
}

/** Why a person's agreement does not count, in words; undefined when it does. Roles are looked up now. */
export function mayDecide(
  engine: Engine,
  { plan }: PlanRecord,
  acts: readonly PolicyAct[],
  approval: Approval & { kind: 'ask' },
  name: string,
): string | undefined {
  const person = engine.people.find(name);
  if (!person) return `${name} is not known to Reign.`;
  if (approval.notAuthor && plan.authors.includes(name)) {
    return `${name} asked for this plan, and somebody else must approve it: ${approversInWords(engine, acts, approval, plan.authors)}.`;
  }
  for (const act of acts) {
    if (act.effect === 'read') continue;
    const answer = engine.policy.mayApprove(act, person, approval);
    if (!answer.ok) {
      return `${answer.reason} Who can: ${approversInWords(engine, acts, approval, plan.authors)}.`;
    }
  }
  return undefined;
}

/**
 * Roles by a group count only when the group could be asked in this moment.
 * @param unknown what `people.renew` could not look up. Throws FaultError `unreachable`.
 */
export function demandKnownRoles(engine: Engine, name: string, unknown: string | undefined): void {
  if (unknown === undefined || !engine.people.find(name)?.groups) return;
  throw new FaultError('unreachable', `${unknown} Nothing was decided; try again in a moment.`);
}

/** The people who may approve, for cards and refusals. */
export function approversInWords(
  engine: Engine,
  acts: readonly PolicyAct[],
  approval: Approval & { kind: 'ask' },
  authors: readonly string[],
): string {
  const writes = acts.filter(({ effect }) => effect !== 'read');
  const names = engine.people
    .all()
    .filter(({ name }) => !(approval.notAuthor && authors.includes(name)))
    .filter((person) => writes.every((act) => engine.policy.mayApprove(act, person, approval).ok))
    .map(({ name }) => name);
  if (names.length === 0) return `nobody here has the role (${approval.roles.join(' or ')})`;
  return approval.quorum > 1 ? `${approval.quorum} of ${names.join(', ')}` : names.join(' or ');
}

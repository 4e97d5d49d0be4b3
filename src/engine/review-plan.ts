import { FaultError } from '../domain/fault.ts';
import { type Review, reviewDue } from '../domain/plan.ts';
import { actsOf } from './acts.ts';
import { demandKnownRoles, mayDecide } from './authorise.ts';
import { isReview } from './break-glass.ts';
import type { GatewayEngine } from './engine.ts';
import { showCard, showNotice } from './entries.ts';
import type { PlanRecord } from './ports.ts';
import { signDecision } from './sign-decision.ts';

export type ReviewRequest = {
  planId: string;
  person: string;
  verdict: 'approve' | 'reject';
  reason?: string;
};

/**
 * Takes the review of a plan that somebody ran alone: by those who would have had to approve it, after the fact.
 * Throws FaultError with the reason, which is for them alone.
 */
export async function reviewPlan(
  engine: GatewayEngine,
  request: ReviewRequest,
): Promise<{ state: Review['state'] }> {
  const unknown = await engine.people.renew();
  return engine.store.transaction(async (tx) => {
    demandKnownRoles(engine, request.person, unknown);
    const record = await tx.lockPlan(request.planId);
    if (!record) throw new FaultError('not-found', `There is no plan ${request.planId}.`);
    const review = checkReview(engine, record, request);
    const decision = signDecision(engine, tx, record.plan, { ...request, via: 'review' });
    await tx.insertDecision(decision);
    tx.audit(`plan:${request.planId}`, `review.${request.verdict}`, request.person, { ...decision });
    const state = stateAfter({ ...record, decisions: [...record.decisions, decision] }, review);
    const plan = await tx.updatePlan(record.plan, { review: { ...review, state } });
    showCard(tx, plan);
    if (reviewDue(plan.review)) return { state };
    const why = request.reason ? `: "${request.reason}"` : '';
    const words = state === 'passed' ? 'found it right' : 'found it wrong';
    showNotice(
      tx,
      plan,
      'reviewed',
      `${request.person} reviewed what ${review.by} ran alone and ${words}${why}.`,
    );
    return { state };
  });
}

function checkReview(engine: GatewayEngine, record: PlanRecord, { person }: ReviewRequest): Review {
  const { review, approval, id } = record.plan;
  if (!review || approval.kind !== 'ask')
    throw new FaultError('conflict', `Plan ${id} has no review to give.`);
  if (!reviewDue(review)) throw new FaultError('conflict', `Plan ${id} has been reviewed already.`);
  if (person === review.by)
    throw new FaultError('not-allowed', `${person} ran this plan alone; somebody else reviews it.`);
  const refusal = mayDecide(engine, record, actsOf(engine, record.steps), approval, person);
  if (refusal) throw new FaultError('not-allowed', refusal);
  if (record.decisions.some((decision) => isReview(decision.via) && decision.person === person))
    throw new FaultError('conflict', 'You have reviewed it already.');
  return review;
}

function stateAfter({ plan, decisions }: PlanRecord, review: Review): Review['state'] {
  const reviews = decisions.filter(({ via }) => isReview(via));
  if (reviews.some(({ verdict }) => verdict === 'reject')) return 'failed';
  const needed = plan.approval.kind === 'ask' ? plan.approval.quorum : 1;
  return reviews.length >= needed ? 'passed' : review.state;
}

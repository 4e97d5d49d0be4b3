import type { Decision, DecisionVia, Verdict } from '../domain/approval.ts';
import { planDigest } from '../domain/digest.ts';
import { FaultError, toFault } from '../domain/fault.ts';
import type { Plan } from '../domain/plan.ts';
import { actsOf } from './acts.ts';
import { demandKnownRoles, mayDecide } from './authorise.ts';
import { announceGlass, glassRefusal } from './break-glass.ts';
import { endPlan } from './end-plan.ts';
import type { GatewayEngine } from './engine.ts';
import { showCard } from './entries.ts';
import type { PlanRecord, Transaction } from './ports.ts';
import { requestChanges } from './request-changes.ts';
import { signDecision } from './sign-decision.ts';
import { startPlan } from './start-plan.ts';
import { planSpan } from './traces.ts';
import { undoHourRefusal } from './undo-hour.ts';

export type DecisionRequest = {
  planId: string;
  /** The revision that the person was shown. */
  revision: number;
  person: string;
  verdict: Verdict;
  reason?: string;
  via: DecisionVia;
};

/**
 * Takes a person's decision. Everything is checked anew in one transaction: the revision they were shown, expiry, the
 * digest, their role as it is now, that they are no author where policy says so, and the quorum.
 * Throws FaultError with the reason, which is for them alone; refusals are recorded.
 */
export async function decide(engine: GatewayEngine, request: DecisionRequest): Promise<{ state: string }> {
  const since = new Date();
  const original = await originalOf(engine, request);
  const onCall = request.via === 'break-glass' ? await engine.onCall() : [];
  const unknown = await engine.people.renew();
  try {
    return await engine.store.transaction(async (tx) => {
      const record = await tx.lockPlan(request.planId);
      if (!record) throw new FaultError('not-found', `There is no plan ${request.planId}.`);
      checkOpen(tx, record, request);
      if (request.via === 'undo-hour') checkUndoHour(engine, tx, record, request.person, original);
      else if (request.via === 'break-glass') checkGlass(engine, record, request, onCall);
      else checkPerson(engine, record, request);
      if (request.verdict === 'approve') demandKnownRoles(engine, request.person, unknown);
      const decision = signDecision(engine, tx, record.plan, request);
      await tx.insertDecision(decision);
      tx.afterCommit(() => tellDecision(engine, record.plan, decision, since));
      tx.audit(`plan:${request.planId}`, `decision.${request.verdict}`, request.person, { ...decision });
      return apply(engine, tx, { ...record, decisions: [...record.decisions, decision] }, decision);
    });
  } catch (error) {
    await recordRefusal(engine, request, toFault(error).message);
    throw error;
  }
}

/** A span of its own that the steps link to: nothing lasts as long as people take. */
async function tellDecision(
  { telemetry, logger }: GatewayEngine,
  plan: Plan,
  { id, verdict, via }: Decision,
  since: Date,
): Promise<void> {
  const { attributes, ...span } = planSpan('decide plan', plan);
  const decided = { 'reign.decision.verdict': verdict, 'reign.decision.via': via };
  const about = { ...span, id, since, attributes: { ...attributes, ...decided } };
  await telemetry.span(about, async () => logger.info({ plan: plan.id, verdict, via }, 'a plan was decided'));
}

function checkOpen(tx: Transaction, { plan, steps, decisions }: PlanRecord, request: DecisionRequest): void {
  if (plan.state !== 'waiting-for-approval') {
    throw new FaultError(
      'conflict',
      `Plan ${plan.id} is ${plan.state.replaceAll('-', ' ')}; there is nothing to decide.`,
    );
  }
  if (plan.revision !== request.revision) {
    throw new FaultError(
      'stale',
      `You decided on revision ${request.revision} of ${plan.id}; it is at revision ${plan.revision} now. Look at that one.`,
    );
  }
  if (plan.expiresAt && plan.expiresAt <= tx.now) {
    throw new FaultError('expired', `The time to decide on ${plan.id} is over. Ask for it again.`);
  }
  if (planDigest(plan, steps) !== plan.digest) {
    throw new FaultError('refused', `Plan ${plan.id} is not what was shown: its digest does not match.`);
  }
  const before = decisions.find(
    ({ person, revision }) => person === request.person && revision === plan.revision,
  );
  if (before) throw new FaultError('conflict', `You have already decided: ${before.verdict}.`);
}

function checkPerson(engine: GatewayEngine, record: PlanRecord, request: DecisionRequest): void {
  const { plan } = record;
  if (!engine.people.find(request.person))
    throw new FaultError('not-allowed', `${request.person} is not known.`);
  // Whoever asked for a plan may always take it back.
  if (request.verdict !== 'approve' && plan.authors.includes(request.person)) return;
  if (plan.approval.kind === 'none') throw new FaultError('conflict', 'This plan needs no approval.');
  const acts = actsOf(engine, record.steps);
  const refusal = mayDecide(engine, record, acts, plan.approval, request.person);
  if (refusal) throw new FaultError('not-allowed', refusal);
}

function checkGlass(
  engine: GatewayEngine,
  record: PlanRecord,
  { person, verdict, reason }: DecisionRequest,
  onCall: readonly string[],
): void {
  if (record.plan.approval.kind === 'none') throw new FaultError('conflict', 'This plan needs no approval.');
  if (verdict !== 'approve' || !reason?.trim())
    throw new FaultError('bad-request', 'To break the glass, give the reason; everybody is told it at once.');
  const refusal = glassRefusal(engine, actsOf(engine, record.steps), person);
  if (refusal) throw new FaultError('not-allowed', refusal);
  if (!onCall.includes(person)) {
    const who = onCall.length > 0 ? `On call now: ${onCall.join(', ')}.` : 'Nobody is on call now.';
    throw new FaultError('not-allowed', `Only the person on call may break the glass. ${who}`);
  }
}

/** The finished plan that an undo undoes, looked up only for the undo hour. */
async function originalOf(engine: GatewayEngine, request: DecisionRequest): Promise<PlanRecord | undefined> {
  if (request.via !== 'undo-hour') return undefined;
  const undo = await engine.store.queries.plan(request.planId);
  return undo?.plan.undoOf ? engine.store.queries.plan(undo.plan.undoOf) : undefined;
}

function checkUndoHour(
  engine: GatewayEngine,
  tx: Transaction,
  record: PlanRecord,
  person: string,
  original: PlanRecord | undefined,
): void {
  const hourSeconds = engine.limits.undoHourSeconds;
  const refusal = undoHourRefusal(record, original, { now: tx.now, hourSeconds });
  if (refusal) throw new FaultError('not-allowed', refusal);
  if (record.plan.requester !== person)
    throw new FaultError('not-allowed', `${person} did not ask for this undo.`);
}

async function apply(
  engine: GatewayEngine,
  tx: Transaction,
  record: PlanRecord,
  decision: Decision,
): Promise<{ state: string }> {
  const { plan } = record;
  if (decision.verdict !== 'approve') {
    const words = decision.verdict === 'reject' ? 'rejected it' : 'asked for changes';
    const why = decision.reason ? `: ${decision.reason}` : '';
    await endPlan(tx, engine, record, 'rejected', `${decision.person} ${words}${why}.`, decision.person);
    if (decision.verdict === 'request-changes') await requestChanges(tx, engine, plan, decision);
    return { state: 'rejected' };
  }
  if (decision.via === 'break-glass') {
    const { person, reason = '' } = decision;
    measureApproval(tx, engine, plan, decision);
    await startPlan(tx, engine, { ...record, plan: await announceGlass(tx, plan, { person, reason }) });
    return { state: 'running' };
  }
  const needed = plan.approval.kind === 'ask' ? plan.approval.quorum : 0;
  const given = new Set(
    record.decisions
      .filter(({ revision, verdict }) => revision === plan.revision && verdict === 'approve')
      .map(({ person }) => person),
  );
  if (given.size < needed && decision.via !== 'undo-hour') {
    const note = `${given.size} of ${needed} approvals: ${[...given].join(', ')}.`;
    showCard(tx, await tx.updatePlan(plan, { note }));
    return { state: plan.state };
  }
  measureApproval(tx, engine, plan, decision);
  await startPlan(tx, engine, record);
  return { state: 'running' };
}

/** How long the card had been shown when it was decided. */
function measureApproval(tx: Transaction, engine: GatewayEngine, plan: Plan, { via }: Decision): void {
  if (plan.approval.kind !== 'ask' || !plan.expiresAt) return;
  const shownAt = plan.expiresAt.getTime() - plan.approval.expiresAfterSeconds * 1000;
  const seconds = Math.max(0, tx.now.getTime() - shownAt) / 1000;
  tx.afterCommit(async () => engine.telemetry.observe('reign_approval_seconds', { via }, seconds));
}

async function recordRefusal(engine: GatewayEngine, request: DecisionRequest, reason: string): Promise<void> {
  const { planId, revision, person, verdict } = request;
  await engine.store
    .transaction(async (tx) => {
      const known = await tx.lockPlan(planId);
      const chain = known ? (`plan:${planId}` as const) : 'access';
      tx.audit(chain, 'decision.refused', person, { plan: planId.slice(0, 100), revision, verdict, reason });
    })
    .catch((error: Error) =>
      engine.logger.error({ plan: planId, error: error.message }, 'a refused decision was not recorded'),
    );
}

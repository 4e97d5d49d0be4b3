import { planDigest } from '../domain/digest.ts';
import { fault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { Preview } from '../domain/operation.ts';
import { isDeferred, isWrite, type Plan, type Step } from '../domain/plan.ts';
import type { StepSession } from '../domain/ports/sandbox.ts';
import { gradeRisk } from '../domain/risk.ts';
import { actsOf, judgedPlan, operationOf } from './acts.ts';
import { previousOnTarget } from './chain.ts';
import { credentialVersions, wantedCredentials } from './credentials.ts';
import { endPlan } from './end-plan.ts';
import type { WorkerEngine } from './engine.ts';
import { movePlan } from './moves.ts';
import { hasBegun } from './pause-plan.ts';
import type { PlanRecord, StepPatch, Transaction } from './ports.ts';
import { refusePart } from './refuse-part.ts';
import { resolveDeferred } from './resolve-deferred.ts';
import { reachNothing } from './run-in-worker.ts';
import { openCapture } from './sealed-capture.ts';
import { askForApproval, startPlan } from './start-plan.ts';
import { look } from './step-calls.ts';
import { planSpan } from './traces.ts';
import { tryPatiently } from './try-patiently.ts';

/** States in which a plan's world is looked at: new, changed, or just past the wait for a lock. */
const previewable: ReadonlySet<Plan['state']> = new Set(['drafted', 'previewed', 'waiting-for-lock']);

/**
 * Previews every write of a plan and goes on from what it shows: asks for approval, starts, or (after a wait) goes on
 * when the digest is the same and asks for a new revision when it is not.
 */
export async function previewPlan(engine: WorkerEngine, planId: string): Promise<void> {
  const record = await engine.store.queries.plan(planId);
  if (!record || !previewable.has(record.plan.state)) return;
  engine.telemetry.about({ plan: planId });
  await engine.telemetry.span(planSpan('preview plan', record.plan), () => lookAndSettle(engine, record));
}

async function lookAndSettle(engine: WorkerEngine, record: PlanRecord): Promise<void> {
  const planId = record.plan.id;
  await engine.people.renew();
  await engine.renewSecrets();
  const looked = await tryPatiently(engine, async () => {
    const next = await resolveDeferred(engine, record);
    const previews = await lookAtAll(engine, next);
    await engine.renewSecrets(next.steps.filter(isWrite).map((step) => wanted(engine, step)));
    return judge(engine, next, previews);
  });
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockPlan(planId);
    if (!current || current.plan.version !== record.plan.version) return;
    if ('code' in looked && hasBegun(current.steps)) {
      await refusePart(tx, engine, current, looked);
      return;
    }
    if ('code' in looked) {
      await endPlan(tx, engine, current, 'failed', `The preview failed: ${looked.message}`);
      return;
    }
    await settlePreview(tx, engine, current, looked);
  });
}

async function lookAtAll(
  engine: WorkerEngine,
  { plan, steps }: PlanRecord,
): Promise<(Preview | undefined)[]> {
  const sandboxed = steps.some(
    (step) => isWrite(step) && isOpen(step) && operationOf(engine.catalogue, step).runs !== 'worker',
  );
  const session = sandboxed ? await engine.sandbox.open({ planId: plan.id, profile: 'tool' }) : undefined;
  const previews = new Map<string, Promise<Preview | undefined>>();
  try {
    for (const [index, step] of steps.entries()) {
      const before = previousOnTarget(steps.slice(0, index).filter(isOpen), step);
      const previous = before ? previews.get(before.key) : undefined;
      previews.set(step.key, lookAtStep(engine, session, step, plan.authors, previous));
    }
    return await Promise.all(previews.values());
  } finally {
    await Promise.allSettled(previews.values());
    await session?.close();
  }
}

async function lookAtStep(
  engine: WorkerEngine,
  session: StepSession | undefined,
  step: Step,
  authors: readonly string[],
  previous: Promise<Preview | undefined> | undefined,
): Promise<Preview | undefined> {
  if (!isWrite(step) || !isOpen(step)) return undefined;
  const operation = operationOf(engine.catalogue, step);
  const before = await previous;
  if (operation.runs === 'worker' || !session) return operation.preview(step.input, reachNothing, before);
  const environments = step.environment === undefined ? [] : [step.environment];
  const args: { [key: string]: Json } = { input: step.input };
  if (step.mode === 'undo') args['undo'] = await openCapture(engine.sealer, step);
  else if (before) args['previous'] = before as unknown as Json;
  const phase = step.mode === 'undo' ? 'preview-restore' : 'preview';
  const value = await look(engine, session, { operation, phase, args, authors, environments });
  return (await engine.redact(value)) as unknown as Preview;
}

/** Whether a step is still to run in this revision; what has run is not looked at again. */
function isOpen(step: Step): boolean {
  return step.state === 'planned' && !isDeferred(step);
}

function wanted(engine: WorkerEngine, step: Step) {
  return wantedCredentials(engine, operationOf(engine.catalogue, step), step);
}

type Judged = { seen: Step[]; judged: ReturnType<WorkerEngine['policy']['judgePlan']> };

/** Throws FaultError when an author or an operation is no longer there. */
function judge(
  engine: WorkerEngine,
  { plan, steps }: PlanRecord,
  previews: readonly (Preview | undefined)[],
): Judged {
  const seen = steps.map((step, index) => withPreview(engine, step, previews[index]));
  const acts = actsOf(engine, seen);
  return { seen, judged: judgedPlan(engine, plan, acts) };
}

async function settlePreview(
  tx: Transaction,
  engine: WorkerEngine,
  { plan, steps }: PlanRecord,
  { seen, judged }: Judged,
): Promise<void> {
  if (judged.outcome === 'deny' && hasBegun(steps)) {
    await refusePart(tx, engine, { plan, steps, decisions: [] }, fault('not-allowed', judged.reason));
    return;
  }
  if (judged.outcome === 'deny') {
    await endPlan(tx, engine, { plan, steps, decisions: [] }, 'rejected', judged.reason);
    return;
  }
  const content = { ...plan, approval: judged.approval, policyHash: engine.policy.hash };
  const unchanged = plan.state === 'waiting-for-lock' && planDigest(content, seen) === plan.digest;
  if (unchanged) {
    await startPlan(tx, engine, { plan, steps: seen, decisions: [] });
    return;
  }
  const revision = plan.state === 'drafted' ? plan.revision : plan.revision + 1;
  const digest = planDigest({ ...content, revision }, seen);
  const saved: Step[] = [];
  for (const [index, step] of seen.entries()) {
    const before = steps[index] as Step;
    saved.push(isShownAnew(before, step) ? await tx.updateStep(before, shownFields(before, step)) : step);
  }
  if (plan.state === 'waiting-for-lock' && !hasBegun(steps)) await tx.releaseLocks(plan.id);
  const { approval, policyHash } = content;
  const fields = { revision, digest, approval, policyHash };
  const next =
    plan.state === 'previewed'
      ? await tx.updatePlan(plan, fields)
      : await movePlan(tx, plan, 'previewed', fields);
  tx.audit(`plan:${plan.id}`, 'plan.previewed', 'reign', {
    revision,
    digest,
    approval: approval as Json,
    steps: saved.map(({ id, risk, preview }) => ({
      id,
      risk: risk as unknown as Json,
      preview: (preview ?? null) as Json,
    })),
  });
  const record = { plan: next, steps: saved, decisions: [] };
  if (approval.kind === 'ask') await askForApproval(tx, engine, record, approval);
  else await startPlan(tx, engine, record);
}

/** Reads are not previewed, what has run is not looked at again, and what is deferred still waits. */
function isShownAnew(before: Step, step: Step): boolean {
  return isOpen(step) && (step.preview !== undefined || isDeferred(before));
}

/** What a preview adds to a step; one that was deferred until now gets all that follows from its input, too. */
function shownFields(before: Step, step: Step): StepPatch {
  const { preview = null, risk, credentials = null, needs } = step;
  if (!isDeferred(before)) return { preview, risk, credentials };
  const { input, bindings, environment = null, place = null, tier, targets, title, byHand = null } = step;
  const where = { environment, place, tier, targets };
  return { preview, risk, credentials, needs, input, bindings: bindings ?? null, ...where, title, byHand };
}

function withPreview(engine: WorkerEngine, step: Step, preview: Preview | undefined): Step {
  if (!preview) return step;
  const operation = operationOf(engine.catalogue, step);
  const risk = gradeRisk(operation.assess(step.input), step.tier, preview.raises);
  return { ...step, preview, risk, credentials: credentialVersions(engine, operation, step) };
}

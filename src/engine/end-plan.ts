import type { Rendered } from '../domain/operation.ts';
import { isWrite, type Plan, type PlanState, type Step, stepSettled } from '../domain/plan.ts';
import type { Engine } from './engine.ts';
import { replyKey, showAnswer, showCard, showFinal, showProgress } from './entries.ts';
import { followUp } from './investigate/follow-up.ts';
import { movePlan, moveStep } from './moves.ts';
import { hasBegun } from './pause-plan.ts';
import type { PlanRecord, Transaction } from './ports.ts';
import { wakeWaiters } from './wake-waiters.ts';

/**
 * Ends a plan: settles what never ran, lets the locks go, and posts the one final message. Every plan comes here
 * exactly once.
 */
export async function endPlan(
  tx: Transaction,
  engine: Engine,
  record: PlanRecord,
  state: PlanState,
  reason: string,
  actor = 'reign',
): Promise<void> {
  const steps: Step[] = [];
  for (const step of record.steps) steps.push(await settleLeftOver(tx, step, state));
  // Whoever ends a plan in the middle has to know that its first part is still in effect.
  const midway = record.plan.state !== 'running' && hasBegun(steps);
  const outcome = midway ? `${reason} What was already done stays; undo puts it back.` : reason;
  const plan = await movePlan(tx, record.plan, state, { outcome, endedAt: tx.now, note: '' }, actor);
  const released = steps.some(isWrite) ? await tx.releaseLocks(plan.id) : 0;
  if (released > 0) tx.afterCommit(() => wakeWaiters(engine));
  tx.afterCommit(async () => {
    engine.telemetry.count('reign_plans_total', { outcome: state });
    engine.logger.info({ plan: plan.id, outcome: state }, 'a plan ended');
  });
  showOutputs(tx, engine, plan, steps);
  await followUp(tx, engine, plan, steps);
  if (steps.some(isWrite)) {
    showCard(tx, plan);
    if (plan.startedAt) showProgress(tx, plan);
    showFinal(tx, plan, outcome, canUndo(plan, steps));
  }
}

async function settleLeftOver(tx: Transaction, step: Step, state: PlanState): Promise<Step> {
  if (stepSettled(step.state) || step.state === 'unclear') return step;
  if (step.state !== 'planned' && step.state !== 'ready') return step;
  const to = state === 'cancelled' || step.state === 'ready' ? 'cancelled' : 'skipped';
  return moveStep(tx, step, to, { endedAt: tx.now });
}

/** Whether the plan left something in the world that its undo would put back. */
export function canUndo(plan: Plan, steps: readonly Step[]): boolean {
  return plan.undoOf === undefined && undoableSteps(steps).length > 0;
}

export function undoableSteps(steps: readonly Step[]): Step[] {
  return steps.filter(
    (step) =>
      step.state === 'succeeded' &&
      isWrite(step) &&
      step.undoKind === 'reversible' &&
      step.captured !== undefined,
  );
}

/** What the reads found, and what code printed: for the asker alone where it is sensitive. */
function showOutputs(tx: Transaction, engine: Engine, plan: Plan, steps: readonly Step[]): void {
  const onlyReads = !steps.some(isWrite);
  for (const [index, step] of steps.entries()) {
    const operation = engine.catalogue.find(step.operation);
    if (!operation || (isWrite(step) && step.risk.effect !== 'run-code' && !operation.reports)) continue;
    const key = onlyReads && index === 0 && plan.messageId ? replyKey(plan.messageId) : `answer-${step.id}`;
    if (step.output === undefined) {
      if (onlyReads) {
        const text = step.fault?.message ?? plan.outcome ?? 'It was not done.';
        tx.entry({
          conversationId: plan.conversationId,
          key,
          kind: 'refusal',
          planId: plan.id,
          body: { text },
        });
      }
      continue;
    }
    const secret = operation.sensitive === true && step.tier === 'production';
    showAnswer(tx, plan.conversationId, key, operation.render(step.output, step.input) as Rendered, {
      title: step.title,
      planId: plan.id,
      ...(secret ? { onlyFor: plan.requester } : {}),
    });
  }
}

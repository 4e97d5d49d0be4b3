import { advancePlan, advanceStep } from '../domain/advance.ts';
import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { Plan, PlanState, Step, StepState } from '../domain/plan.ts';
import type { PlanPatch, StepPatch, Transaction } from './ports.ts';

/** Moves a plan, with its audit event. Throws FaultError `conflict` for a move that is not one of the table. */
export async function movePlan(
  tx: Transaction,
  plan: Plan,
  to: PlanState,
  patch: PlanPatch = {},
  actor = 'reign',
): Promise<Plan> {
  const advance = advancePlan(plan.state, to);
  if (!advance.ok) throw new FaultError('conflict', `Plan ${plan.id}: ${advance.reason}.`);
  const next = await tx.updatePlan(plan, { ...patch, state: to });
  tx.audit(`plan:${plan.id}`, `plan.${to}`, actor, {
    from: plan.state,
    revision: next.revision,
    ...(patch.outcome === undefined ? {} : { outcome: patch.outcome }),
  });
  return next;
}

/** Moves a step, with its audit event. Throws FaultError `conflict` for a move that is not one of the table. */
export async function moveStep(
  tx: Transaction,
  step: Step,
  to: StepState,
  patch: StepPatch = {},
  options: { actor?: string; record?: { [key: string]: Json } } = {},
): Promise<Step> {
  const advance = advanceStep(step.state, to);
  if (!advance.ok) throw new FaultError('conflict', `Step ${step.key}: ${advance.reason}.`);
  const next = await tx.updateStep(step, { ...patch, state: to });
  tx.audit(`plan:${step.planId}`, `step.${to}`, options.actor ?? 'reign', {
    step: step.id,
    from: step.state,
    ...options.record,
  });
  return next;
}

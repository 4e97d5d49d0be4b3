import { FaultError } from '../domain/fault.ts';
import { newId, newPlanId } from '../domain/ids.ts';
import { type Plan, planEnded, type Step } from '../domain/plan.ts';
import { peopleOf } from './acts.ts';
import { capturedAsAudited } from './captured.ts';
import { undoableSteps } from './end-plan.ts';
import type { Engine } from './engine.ts';
import { showCard } from './entries.ts';
import type { PlanRecord, Transaction } from './ports.ts';
import { planSpan, traceOf } from './traces.ts';
import { maySeePlan } from './visibility.ts';

/**
 * Makes a plan that puts back what a finished plan did: its `undo-of` steps in reverse, with the captured state as
 * input. It is previewed and approved like any other; the requester needs no approval for an hour.
 * Throws FaultError.
 */
export async function undoPlan(
  engine: Engine,
  planId: string,
  person: string,
  via: 'button' | 'command' | 'words',
): Promise<{ planId: string }> {
  const [asker] = peopleOf(engine, [person]);
  const since = new Date();
  return engine.store.transaction(async (tx) => {
    const record = await tx.lockPlan(planId);
    if (!record || !asker || !maySeePlan(engine, record, asker)) {
      throw new FaultError('not-found', `There is no plan ${planId}.`);
    }
    if (!planEnded(record.plan.state)) {
      throw new FaultError('conflict', `Plan ${planId} has not ended; cancel it instead.`);
    }
    if (record.plan.undoOf) {
      throw new FaultError('conflict', `${planId} is itself an undo; ask for what you want instead.`);
    }
    if (record.plan.erasedAt) throw new FaultError('refused', erased(record.plan, record.plan.erasedAt));
    const undoable = undoableSteps(record.steps);
    if (undoable.length === 0) throw new FaultError('conflict', nothingToUndo(record));
    for (const step of undoable) {
      if (await capturedAsAudited(tx, step)) continue;
      const why = 'what it would put back is not what the audit says was there before';
      throw new FaultError('refused', `Plan ${planId} cannot be undone: ${why} (${step.title}).`);
    }
    const undo = shapeUndo(engine, tx, record.plan, undoable, person);
    undo.plan.undoVia = via;
    await tx.insertPlan(undo.plan, undo.steps);
    tx.audit(`plan:${undo.plan.id}`, 'plan.drafted', person, {
      undoOf: planId,
      steps: undo.steps.map(({ id, key, operation, input, undoOf }) => ({
        id,
        key,
        operation,
        input,
        undoOf: undoOf ?? null,
      })),
    });
    showCard(tx, undo.plan);
    const { id } = undo.plan;
    const links = [{ trace: traceOf(record.plan), id: traceOf(record.plan) }];
    tx.afterCommit(() =>
      engine.telemetry.span({ ...planSpan('undo plan', undo.plan), id, links, since }, async () => {}),
    );
    tx.afterCommit(() => engine.queue.preview(undo.plan.id, undo.plan.version));
    return { planId: undo.plan.id };
  });
}

function erased({ id }: Plan, at: Date): string {
  const why = 'what it would put back was erased';
  return `Plan ${id} cannot be undone: ${why} on ${at.toISOString().slice(0, 10)} (retention.payloads).`;
}

function nothingToUndo({ plan, steps }: PlanRecord): string {
  const irreversible = steps.find((step) => step.state === 'succeeded' && step.undoKind === 'irreversible');
  return irreversible
    ? `Plan ${plan.id} cannot be undone: ${irreversible.title} is irreversible.`
    : `Plan ${plan.id} left nothing behind that could be undone.`;
}

function shapeUndo(
  engine: Engine,
  tx: Transaction,
  plan: Plan,
  undoable: readonly Step[],
  person: string,
): { plan: Plan; steps: Step[] } {
  const id = newPlanId();
  const steps = [...undoable].reverse().map((step, position): Step => {
    const { key, operation, operationVersion, input, environment, place, tier, targets, risk } = step;
    const dependents = undoable
      .filter(({ needs }) => needs.includes(key))
      .map((other) => `undo-${other.key}`);
    return {
      id: newId('s'),
      planId: id,
      key: `undo-${key}`,
      position,
      operation,
      operationVersion,
      mode: 'undo',
      undoOf: step.id,
      request: {},
      input,
      needs: dependents,
      state: 'planned',
      version: 1,
      ...(environment === undefined ? {} : { environment }),
      ...(place === undefined ? {} : { place }),
      tier,
      targets,
      risk,
      undoKind: 'irreversible',
      title: `Undo: ${step.title}`,
      captured: step.captured ?? null,
      attempts: 0,
    };
  });
  const undo: Plan = {
    id,
    conversationId: plan.conversationId,
    goal: `Undo ${plan.id}: ${plan.goal}`,
    state: 'drafted',
    version: 1,
    revision: 1,
    requester: person,
    authors: [person],
    onFailure: 'stop',
    undoOf: plan.id,
    digest: '',
    approval: { kind: 'none', reason: 'not judged yet' },
    policyHash: engine.policy.hash,
    cancelRequested: false,
    createdAt: tx.now,
  };
  return { plan: undo, steps };
}

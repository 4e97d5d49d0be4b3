import { newId, newPlanId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { Question } from '../domain/operation.ts';
import type { Plan, Step } from '../domain/plan.ts';
import { type Admission, admit } from './admit.ts';
import type { WorkerEngine } from './engine.ts';
import { refuseMessage, replyKey } from './entries.ts';
import { returnDraft } from './investigate/return-draft.ts';
import type { Message } from './ports.ts';
import { previewPlan } from './preview-plan.ts';
import { tryPatiently } from './try-patiently.ts';

/**
 * Admission: turns a message's draft into a plan whose inputs are complete and absolute, or asks, or says why not.
 * Safe to call again after a crash: only a message that is `preparing` is taken, and it moves on in one transaction.
 */
export async function prepareMessage(engine: WorkerEngine, messageId: string): Promise<void> {
  const span = { name: 'admit plan', trace: messageId, attributes: { 'reign.message.id': messageId } };
  const planId = await engine.telemetry.span(span, () => admitMessage(engine, messageId));
  if (planId !== undefined) await previewPlan(engine, planId);
}

/** @returns the plan that was made of it. */
async function admitMessage(engine: WorkerEngine, messageId: string): Promise<string | undefined> {
  const message = await engine.store.queries.message(messageId);
  if (message?.state !== 'preparing' || !message.draft) return undefined;
  await engine.people.renew();
  await engine.renewSecrets();
  const planId = newPlanId();
  engine.telemetry.about({ plan: planId });
  const admitted = await tryPatiently(engine, () => admit(engine, planId, message));
  const admission: Admission = 'code' in admitted ? { kind: 'refusal', reason: admitted.message } : admitted;
  if (admission.kind === 'refusal') {
    await engine.store.transaction(async (tx) => {
      const current = await tx.lockMessage(messageId);
      if (current?.state !== 'preparing') return;
      if (await returnDraft(tx, engine, message, admission.reason)) return;
      await refuseMessage(tx, message, admission.reason);
    });
    return undefined;
  }
  if (admission.kind === 'question') {
    await ask(engine, message, admission.stepKey, admission.question);
    return undefined;
  }
  return (await insertPlan(engine, message, planId, admission.steps)) ? planId : undefined;
}

async function ask(
  engine: WorkerEngine,
  message: Message,
  stepKey: string,
  question: Question,
): Promise<void> {
  const { draft } = message;
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(message.id);
    if (current?.state !== 'preparing' || !draft) return;
    const questionId = newId('q');
    const { text, field, options } = question;
    const { conversationId, person } = message;
    const body = { text, field, stepKey, options, draft, authors: message.authors };
    await tx.insertQuestion({ id: questionId, conversationId, messageId: message.id, person, body });
    tx.entry({
      conversationId,
      key: replyKey(message.id),
      kind: 'question',
      body: { questionId, text, to: person, options: options.map((option) => ({ ...option })) },
    });
    tx.audit('messages', 'question.asked', 'reign', { question: questionId, message: message.id, text });
    await tx.updateMessage(message.id, { state: 'done', outcome: 'asked' });
  });
}

async function insertPlan(
  engine: WorkerEngine,
  message: Message,
  planId: string,
  steps: Step[],
): Promise<boolean> {
  return engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(message.id);
    if (current?.state !== 'preparing') return false;
    const reversible = steps.every((step) => step.risk.effect === 'read' || step.undoKind === 'reversible');
    const plan: Plan = {
      id: planId,
      conversationId: message.conversationId,
      messageId: message.id,
      goal: message.draft?.draft.goal ?? message.text,
      state: 'drafted',
      version: 1,
      revision: 1,
      requester: message.person,
      authors: message.authors,
      onFailure: message.draft?.draft.onFailure ?? (reversible ? 'roll-back' : 'stop'),
      digest: '',
      approval: { kind: 'none', reason: 'not judged yet' },
      policyHash: engine.policy.hash,
      cancelRequested: false,
      ...(message.draft?.plannedBy ? { plannedBy: message.draft.plannedBy } : {}),
      ...(message.alert === undefined ? {} : { alert: message.alert }),
      createdAt: tx.now,
    };
    await tx.insertPlan(plan, steps);
    await tx.updateMessage(message.id, { state: 'done', planId, outcome: 'planned' });
    tx.audit(`plan:${planId}`, 'plan.drafted', message.person, {
      message: message.id,
      goal: plan.goal,
      authors: [...plan.authors],
      ...(plan.alert === undefined ? {} : { alert: plan.alert }),
      steps: steps.map(({ id, key, operation, input, needs, bindings = [] }) => ({
        id,
        key,
        operation,
        input,
        needs: [...needs],
        bindings: bindings as unknown as Json,
      })),
    });
    return true;
  });
}

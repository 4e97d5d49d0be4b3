import type { DraftStep } from '../domain/draft.ts';
import { findEnvironment } from '../domain/environment.ts';
import { toFault } from '../domain/fault.ts';
import { newId, newPlanId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { AnyOperation, Question, Resolution } from '../domain/operation.ts';
import type { Plan, Step } from '../domain/plan.ts';
import type { StepSession } from '../domain/ports/sandbox.ts';
import { gradeRisk } from '../domain/risk.ts';
import { edgeProblems, topological } from '../domain/schedule.ts';
import { actFrom, peopleOf } from './acts.ts';
import { chainSameTargets } from './chain.ts';
import type { WorkerEngine } from './engine.ts';
import { refuseMessage, replyKey } from './entries.ts';
import type { Message } from './ports.ts';
import { previewPlan } from './preview-plan.ts';
import { look } from './step-calls.ts';

type Admission =
  | { kind: 'steps'; steps: Step[] }
  | { kind: 'question'; stepKey: string; question: Question }
  | { kind: 'refusal'; reason: string };

/**
 * Admission: turns a message's draft into a plan whose inputs are complete and absolute, or asks, or says why not.
 * Safe to call again after a crash: only a message that is `preparing` is taken, and it moves on in one transaction.
 */
export async function prepareMessage(engine: WorkerEngine, messageId: string): Promise<void> {
  const message = await engine.store.queries.message(messageId);
  if (message?.state !== 'preparing' || !message.draft) return;
  const planId = newPlanId();
  const admission = await admit(engine, planId, message).catch((error: unknown): Admission => {
    return { kind: 'refusal', reason: toFault(error).message };
  });
  if (admission.kind === 'refusal') {
    return engine.store.transaction(async (tx) => {
      const current = await tx.lockMessage(messageId);
      if (current?.state === 'preparing') await refuseMessage(tx, message, admission.reason);
    });
  }
  if (admission.kind === 'question') return ask(engine, message, admission.stepKey, admission.question);
  const inserted = await insertPlan(engine, message, planId, admission.steps);
  if (inserted) await previewPlan(engine, planId);
}

async function admit(engine: WorkerEngine, planId: string, message: Message): Promise<Admission> {
  const { steps = [] } = message.draft?.draft ?? {};
  const problems = edgeProblems(steps);
  if (steps.length === 0) problems.push('no step was proposed');
  if (problems.length > 0)
    return { kind: 'refusal', reason: `I cannot make a plan of this: ${problems.join('; ')}.` };
  const session = await engine.sandbox.open({ planId, profile: 'tool' });
  try {
    const resolved = await Promise.all(
      (topological(steps) ?? []).map((step) => resolveStep(engine, session, message, step)),
    );
    const admitted: Step[] = [];
    for (const [index, answer] of resolved.entries()) {
      if (answer.kind === 'impossible') return { kind: 'refusal', reason: answer.reason };
      if (answer.kind === 'question')
        return { kind: 'question', stepKey: answer.stepKey, question: answer.question };
      admitted.push(shapeStep(engine, planId, index, answer.step, answer.operation, answer.input));
    }
    const denial = denialOf(engine, admitted, message.authors);
    return denial
      ? { kind: 'refusal', reason: denial }
      : { kind: 'steps', steps: chainSameTargets(admitted) };
  } finally {
    await session.close();
  }
}

type Resolved =
  | { kind: 'input'; step: DraftStep; operation: AnyOperation; input: Json }
  | { kind: 'question'; stepKey: string; question: Question }
  | { kind: 'impossible'; reason: string };

async function resolveStep(
  engine: WorkerEngine,
  session: StepSession,
  message: Message,
  step: DraftStep,
): Promise<Resolved> {
  const operation = engine.catalogue.find(step.operation);
  if (!operation) {
    return {
      kind: 'impossible',
      reason: `This Reign cannot do ${step.operation}; \`reign tools\` lists what it can.`,
    };
  }
  const request = operation.request.safeParse(step.request);
  if (!request.success) {
    const issue = request.error.issues[0];
    return { kind: 'impossible', reason: `${operation.id}: ${issue?.path.join('.')}: ${issue?.message}` };
  }
  const environments = visibleEnvironments(engine, operation, message.authors);
  const word = (request.data as { environment?: unknown }).environment;
  const meant = typeof word === 'string' ? findEnvironment(engine.environments, word) : undefined;
  if (meant && !environments.includes(meant.name)) {
    return { kind: 'impossible', reason: deniedReason(engine, operation, meant.name, message.authors) };
  }
  const args = { request: step.request };
  const answer = (await look(engine, session, {
    operation,
    phase: 'resolve',
    args,
    environments,
  })) as unknown;
  const resolution = answer as Resolution<Json>;
  if (resolution.kind === 'input') {
    return { kind: 'input', step, operation, input: operation.input.parse(resolution.input) as Json };
  }
  return resolution.kind === 'question' ? { ...resolution, stepKey: step.key } : resolution;
}

/** Environments of which all authors may read; nothing of the others is shown, not even the names in them. */
function visibleEnvironments(
  engine: WorkerEngine,
  operation: AnyOperation,
  authors: readonly string[],
): string[] {
  const people = peopleOf(engine, authors);
  return engine.environments
    .filter((environment) => {
      const assessment = { effect: 'read' as const, targets: [], objects: 1, reasons: [] };
      const place = { environment: environment.name, place: environment.name };
      const act = actFrom(operation, { ...assessment, ...place }, engine.environments);
      return engine.policy.judge(act, people).kind !== 'deny';
    })
    .map(({ name }) => name);
}

function deniedReason(
  engine: WorkerEngine,
  operation: AnyOperation,
  environment: string,
  authors: readonly string[],
): string {
  const act = actFrom(
    operation,
    { effect: operation.effect, targets: [], objects: 1, reasons: [], environment, place: environment },
    engine.environments,
  );
  const outcome = engine.policy.judge(act, peopleOf(engine, authors));
  return outcome.kind === 'deny' ? outcome.reason : `You may not see ${environment}.`;
}

function shapeStep(
  engine: WorkerEngine,
  planId: string,
  position: number,
  draft: DraftStep,
  operation: AnyOperation,
  input: Json,
): Step {
  const assessment = operation.assess(input);
  const { tier } = actFrom(operation, assessment, engine.environments);
  const { title, byHand } = operation.describe(input);
  return {
    id: newId('s'),
    planId,
    key: draft.key,
    position,
    operation: operation.id,
    operationVersion: operation.version,
    mode: 'do',
    request: draft.request,
    input,
    needs: [...draft.needs],
    state: 'planned',
    version: 1,
    ...(assessment.environment === undefined ? {} : { environment: assessment.environment }),
    ...(assessment.place === undefined ? {} : { place: assessment.place }),
    tier,
    targets: [...assessment.targets],
    risk: gradeRisk(assessment, tier),
    undoKind: operation.undo.kind,
    title,
    ...(byHand === undefined ? {} : { byHand }),
    attempts: 0,
  };
}

function denialOf(
  engine: WorkerEngine,
  steps: readonly Step[],
  authors: readonly string[],
): string | undefined {
  const acts = steps.map((step) => {
    const operation = engine.catalogue.find(step.operation) as AnyOperation;
    return actFrom(operation, operation.assess(step.input), engine.environments);
  });
  const judged = engine.policy.judgePlan(acts, peopleOf(engine, authors));
  return judged.outcome === 'deny' ? judged.reason : undefined;
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
      createdAt: tx.now,
    };
    await tx.insertPlan(plan, steps);
    await tx.updateMessage(message.id, { state: 'done', planId, outcome: 'planned' });
    tx.audit(`plan:${planId}`, 'plan.drafted', message.person, {
      message: message.id,
      goal: plan.goal,
      authors: [...plan.authors],
      steps: steps.map(({ id, key, operation, input, needs }) => ({
        id,
        key,
        operation,
        input,
        needs: [...needs],
      })),
    });
    return true;
  });
}

import type { DraftStep } from '../domain/draft.ts';
import { FaultError } from '../domain/fault.ts';
import { canonicalJson, type Json } from '../domain/json.ts';
import type { AnyOperation, Question } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import type { StepSession } from '../domain/ports/sandbox.ts';
import { type Binding, findReferences, readPointer, substitute, topField } from '../domain/references.ts';
import { edgeProblems, topological } from '../domain/schedule.ts';
import { actFrom, actsOf, peopleOf } from './acts.ts';
import { chainSameTargets } from './chain.ts';
import type { WorkerEngine } from './engine.ts';
import type { Message } from './ports.ts';
import { type Resolved, resolveRequest } from './resolve-request.ts';
import { shapeDeferred, shapeStep } from './shape-step.ts';
import { spread } from './spread.ts';
import { withStandIn } from './stand-in.ts';
import { look } from './step-calls.ts';
import { unfold } from './unfold.ts';

export type Admission =
  | { kind: 'steps'; steps: Step[] }
  | { kind: 'question'; stepKey: string; question: Question }
  | { kind: 'refusal'; reason: string };

type Admitting = { engine: WorkerEngine; session: StepSession; authors: readonly string[] };

/** A step that may become part of the plan; `now` reads its result where that can be known before the preview. */
type Candidate = { step: DraftStep; operation: AnyOperation; bindings: readonly Binding[] } & (
  | { kind: 'input'; input: Json; early: boolean; now: () => Promise<Json> }
  | { kind: 'deferred' }
);
type Answer = Candidate | (Exclude<Resolved, { kind: 'input' }> & { step: DraftStep });

/** The checks that make a draft a plan: operations exist, inputs resolve, references are allowed, policy lets it be asked for. */
export async function admit(engine: WorkerEngine, planId: string, message: Message): Promise<Admission> {
  const drafted = withReferenceEdges(message.draft?.draft.steps ?? []);
  const { steps, problems } = spread(drafted.steps, (step) => writes(engine, step));
  problems.push(...drafted.problems, ...edgeProblems(steps));
  if (steps.length === 0) problems.push('no step was proposed');
  if (problems.length > 0) return cannot(problems);
  const session = await engine.sandbox.open({ planId, profile: 'tool' });
  try {
    const around = { engine, session, authors: message.authors };
    const unfolded = await unfold(steps, (source, all) => readStep(around, source, all));
    if (unfolded.problems.length > 0) return cannot(unfolded.problems);
    if (steps.length > unfolded.steps.length && !unfolded.steps.some((step) => writes(engine, step)))
      return nothingLeft(engine, steps);
    const answers = await resolveAll(around, topological(unfolded.steps) ?? []);
    return shape(engine, planId, message.authors, withoutTwins(answers));
  } finally {
    await session.close();
  }
}

function cannot(problems: readonly string[]): Admission {
  return { kind: 'refusal', reason: `I cannot make a plan of this: ${problems.join('; ')}.` };
}

function writes(engine: WorkerEngine, { operation }: DraftStep): boolean {
  return engine.catalogue.find(operation)?.effect !== 'read';
}

/** A plan that was to change something, and of which no change is left, is no success. */
function nothingLeft(engine: WorkerEngine, steps: readonly DraftStep[]): Admission {
  const left = steps.filter((step) => writes(engine, step)).map(({ key }) => key);
  return {
    kind: 'refusal',
    reason: `There is nothing to do: nothing was found that ${left.join(', ')} applies to.`,
  };
}

/** What a read finds now, for conditions and loops. Only reads that wait for no write can be known. */
async function readStep(around: Admitting, source: DraftStep, all: readonly DraftStep[]): Promise<Json> {
  const answers = new Map<string, Promise<Answer>>();
  for (const step of topological(all.slice(0, all.indexOf(source) + 1)) ?? [])
    if (!writes(around.engine, step)) answers.set(step.key, answerFor(around, step, answers));
  const answer = await answers.get(source.key);
  await Promise.allSettled(answers.values());
  if (answer?.kind === 'impossible') throw new FaultError('bad-request', answer.reason);
  if (answer?.kind === 'question') throw new FaultError('ambiguous', answer.question.text);
  if (answer?.kind === 'input' && answer.operation.sensitive)
    throw new FaultError('not-allowed', sensitiveReference(answer.operation));
  if (answer?.kind !== 'input' || !answer.early)
    throw new FaultError('bad-request', `What ${source.key} finds is not known before the plan is shown.`);
  return answer.now();
}

/** Several pods of one workload are one restart: of steps that a loop made alike, the first stays. */
function withoutTwins(answers: readonly Answer[]): Answer[] {
  const seen = new Map<string, string>();
  const twins = new Map<string, string>();
  const kept = answers.filter((answer) => {
    const loop = answer.step.copyOf;
    if (answer.kind !== 'input' || loop === undefined) return true;
    const mark = `${loop} ${answer.operation.id} ${canonicalJson(answer.input)}`;
    const first = seen.get(mark);
    if (first === undefined) seen.set(mark, answer.step.key);
    else twins.set(answer.step.key, first);
    return first === undefined;
  });
  const named = (needs: readonly string[]) => [...new Set(needs.map((need) => twins.get(need) ?? need))];
  return kept.map((answer) => ({ ...answer, step: { ...answer.step, needs: named(answer.step.needs) } }));
}

/** What a step takes a value from, looks at or goes over, it needs. */
function withReferenceEdges(drafted: readonly DraftStep[]): { steps: DraftStep[]; problems: string[] } {
  const problems: string[] = [];
  const steps = drafted.map((step) => {
    const found = findReferences(step.request);
    problems.push(...found.problems.map((problem) => `step "${step.key}": ${problem}`));
    const sources = [...found.references, step.when, step.forEach].flatMap((each) => each?.from ?? []);
    return { ...step, needs: [...new Set([...step.needs, ...sources])] };
  });
  return { steps, problems };
}

async function resolveAll(around: Admitting, steps: readonly DraftStep[]): Promise<Answer[]> {
  const answers = new Map<string, Promise<Answer>>();
  for (const step of steps) answers.set(step.key, answerFor(around, step, answers));
  await Promise.allSettled(answers.values());
  return Promise.all(answers.values());
}

async function answerFor(
  around: Admitting,
  step: DraftStep,
  answers: ReadonlyMap<string, Promise<Answer>>,
): Promise<Answer> {
  const asked = around.engine.catalogue.find(step.operation);
  if (!asked) {
    const reason = `This Reign cannot do ${step.operation}; \`reign tools\` lists what it can.`;
    return { kind: 'impossible', reason, step };
  }
  const { bindings, values, problem } = await bind(step, asked, answers);
  if (problem) return { kind: 'impossible', reason: problem, step };
  if (bindings.some(({ when }) => when === 'deferred'))
    return { kind: 'deferred', step, operation: asked, bindings };
  const request = substitute(step.request, (field) => values.get(field));
  const meant = await resolveRequest(around.engine, around.session, asked, request, around.authors);
  if (meant.kind !== 'input') return { ...meant, step };
  const { operation, resolved } = await withStandIn(
    around.engine,
    around.session,
    asked,
    meant.input,
    around.authors,
  );
  if (resolved.kind !== 'input') return { ...resolved, step };
  const early = await isEarly(step, operation.assess(resolved.input).effect, answers);
  let reading: Promise<Json> | undefined;
  const now = () => {
    reading ??= readNow(around, operation, resolved.input);
    return reading;
  };
  return { kind: 'input', input: resolved.input, step, operation, bindings, early, now };
}

type Bound = { bindings: Binding[]; values: Map<string, Json>; problem?: string };

/** Looks up each reference: a read's result now, a write's later. */
async function bind(
  step: DraftStep,
  operation: AnyOperation,
  answers: ReadonlyMap<string, Promise<Answer>>,
): Promise<Bound> {
  const bindings: Binding[] = [];
  const values = new Map<string, Json>();
  for (const reference of findReferences(step.request).references) {
    const source = await answers.get(reference.from);
    if (source && 'operation' in source && source.operation.sensitive)
      return { bindings, values, problem: sensitiveReference(source.operation) };
    if (source?.kind === 'input' && source.early) {
      const value = readPointer(await source.now(), reference.at);
      if (value === undefined)
        return { bindings, values, problem: `The result of "${reference.from}" has no ${reference.at}.` };
      values.set(reference.field, value);
      bindings.push({ ...reference, when: 'resolved' });
      continue;
    }
    const late = operation.lateBindable?.includes(topField(reference) ?? '') ?? false;
    bindings.push({ ...reference, when: late ? 'late' : 'deferred' });
  }
  return { bindings, values };
}

/** Whether a step only reads, and nothing that it waits for writes: its result can be known before the preview. */
async function isEarly(
  { needs }: DraftStep,
  effect: string,
  answers: ReadonlyMap<string, Promise<Answer>>,
): Promise<boolean> {
  if (effect !== 'read') return false;
  const before = await Promise.all(needs.map((need) => answers.get(need)));
  return before.every((answer) => answer?.kind === 'input' && answer.early);
}

/** Reads what another step's input depends on. Everybody who may see the plan sees it: nothing for one person's eyes. */
async function readNow(
  { engine, session, authors }: Admitting,
  operation: AnyOperation,
  input: Json,
): Promise<Json> {
  const act = actFrom(operation, operation.assess(input), engine.environments);
  const outcome = engine.policy.judge(act, peopleOf(engine, authors));
  if (outcome.kind !== 'allow') throw new Error(`${operation.id} cannot be read at once: ${outcome.reason}.`);
  const environments = act.environment === undefined ? [] : [act.environment];
  const args = { input, approved: null, idempotencyKey: 'admission' };
  return engine.redact(
    await look(engine, session, { operation, phase: 'execute', args, authors, environments }),
  );
}

function sensitiveReference({ id }: AnyOperation): string {
  return `What ${id} finds is for the asker alone and cannot be put into another step.`;
}

function shape(
  engine: WorkerEngine,
  planId: string,
  authors: readonly string[],
  answers: readonly Answer[],
): Admission {
  const admitted: Step[] = [];
  for (const [index, answer] of answers.entries()) {
    if (answer.kind === 'impossible') return { kind: 'refusal', reason: answer.reason };
    if (answer.kind === 'question')
      return { kind: 'question', stepKey: answer.step.key, question: answer.question };
    admitted.push(
      answer.kind === 'deferred'
        ? shapeDeferred(planId, index, answer.step, answer)
        : shapeStep(engine, planId, index, answer.step, answer),
    );
  }
  const judged = engine.policy.judgePlan(actsOf(engine, admitted), peopleOf(engine, authors));
  return judged.outcome === 'deny'
    ? { kind: 'refusal', reason: judged.reason }
    : { kind: 'steps', steps: chainSameTargets(admitted) };
}

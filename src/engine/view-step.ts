import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Person } from '../domain/person.ts';
import { type Plan, type Step, stepSettled } from '../domain/plan.ts';
import type { StepView } from '../domain/step-view.ts';
import type { Engine } from './engine.ts';
import type { TrailEntry } from './ports.ts';
import { visiblePlan } from './visibility.ts';

/** A step of a plan that the person may see. Throws FaultError `not-found`. */
export async function viewStep(
  engine: Engine,
  planId: string,
  key: string,
  person: Person,
): Promise<StepView> {
  const { plan, steps } = await visiblePlan(engine, planId, person);
  const step = steps.find((each) => each.key === key);
  if (!step) throw new FaultError('not-found', `Plan ${planId} has no step ${key}.`);
  const trail = await engine.store.queries.auditTrail({ planId, limit: longestTrail });
  const { id, operation, title, input, preview, note } = step;
  return {
    id,
    key,
    operation,
    title,
    input,
    before: preview?.before ?? null,
    after: preview?.after ?? null,
    log: trail
      .filter((event) => isAbout(event, id))
      .map(logLine)
      .reverse(),
    ...(note && !stepSettled(step.state) ? { note } : {}),
    ...outputOf(engine, plan, step, person),
  };
}

/** Events of a plan that are looked through. */
const longestTrail = 2000;

function isAbout({ payload }: TrailEntry, stepId: string): boolean {
  return typeof payload === 'object' && payload !== null && (payload as { step?: Json }).step === stepId;
}

function logLine({ at, actor, type, payload }: TrailEntry): StepView['log'][number] {
  const { evidence, reason, fault } = payload as { [field: string]: Json };
  const { message } = (fault ?? {}) as { message?: Json };
  const says = [reason, evidence, message].filter((each) => typeof each === 'string').join(' ');
  return { at, who: actor, what: type.replace(/^step\./, ''), says };
}

/** What came out: for the asker alone where it is sensitive and from production. */
function outputOf(
  { catalogue }: Engine,
  { requester }: Plan,
  step: Step,
  person: Person,
): Pick<StepView, 'output' | 'hidden'> {
  const operation = catalogue.find(step.operation);
  if (step.output === undefined || !operation) return {};
  if (hidesOutput(operation, step, requester, person)) return { hidden: true };
  return { output: operation.render(step.output, step.input) };
}

/** Whether a step's output is not for this person: sensitive output of production stays with who asked for it. */
export function hidesOutput(
  operation: AnyOperation | undefined,
  { tier }: Pick<Step, 'tier'>,
  requester: string,
  person: Person,
): boolean {
  return operation?.sensitive === true && tier === 'production' && requester !== person.name;
}

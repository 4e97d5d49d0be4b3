import { type EnvironmentView, tierOf } from '../domain/environment.ts';
import { FaultError as Failure } from '../domain/fault.ts';
import type { AnyOperation, OperationCatalogue } from '../domain/operation.ts';
import type { Person } from '../domain/person.ts';
import { isDeferred, type Plan, type Step } from '../domain/plan.ts';
import type { Policy, PolicyAct } from '../domain/ports/policy.ts';
import type { Assessment } from '../domain/risk.ts';
import type { Engine } from './engine.ts';

/** The operation of a step in the version that the step was planned with. Throws FaultError `stale` or `unsupported`. */
export function operationOf(
  catalogue: OperationCatalogue,
  step: Pick<Step, 'operation' | 'operationVersion'>,
): AnyOperation {
  const operation = catalogue.find(step.operation);
  if (!operation) throw new Failure('unsupported', `This Reign has no operation ${step.operation}.`);
  if (operation.version !== step.operationVersion) {
    throw new Failure('stale', `${step.operation} is another version now than when this was planned.`);
  }
  return operation;
}

/**
 * What policy judges of a step: always from the operation's own assessment of the input, never from what a row
 * says, so that a forged row changes nothing.
 */
export function actOf(engine: Pick<Engine, 'catalogue' | 'environments'>, step: Step): PolicyAct {
  const operation = operationOf(engine.catalogue, step);
  return actFrom(operation, operation.assess(operation.input.parse(step.input)), engine.environments);
}

/** What policy judges of a plan: all steps that this revision may run. A deferred one is judged when it is shown. */
export function actsOf(
  engine: Pick<Engine, 'catalogue' | 'environments'>,
  steps: readonly Step[],
): PolicyAct[] {
  return steps.filter((step) => !isDeferred(step)).map((step) => actOf(engine, step));
}

export function actFrom(
  operation: AnyOperation,
  assessment: Assessment,
  environments: readonly EnvironmentView[],
): PolicyAct {
  return {
    operation: assessment.proposes ?? operation.id,
    ...(assessment.proposes === undefined ? {} : { asPullRequest: true }),
    effect: assessment.effect,
    environment: assessment.environment,
    place: assessment.place,
    tier: tierOf(environments, assessment.environment),
    objects: assessment.objects,
    targets: assessment.targets,
  };
}

/** The people behind names. Throws FaultError `not-allowed` when one is not (or no longer) configured. */
export function peopleOf(engine: Pick<Engine, 'people'>, names: readonly string[]): Person[] {
  return names.map((name) => {
    const person = engine.people.find(name);
    if (!person) throw new Failure('not-allowed', `${name} is not (or no longer) known to Reign.`);
    return person;
  });
}

type Judged = ReturnType<Policy['judgePlan']>;

/**
 * What policy says of a plan. A change that a language model has drafted is never made without somebody's word for it,
 * and one that an alert has started never without the word of somebody who is not its author, also where policy would
 * let people have it without.
 */
export function judgedPlan(
  engine: Pick<Engine, 'policy' | 'people'>,
  { plannedBy, alert, authors }: Pick<Plan, 'plannedBy' | 'alert' | 'authors'>,
  acts: readonly PolicyAct[],
): Judged {
  const judged = engine.policy.judgePlan(acts, peopleOf(engine, authors));
  if (acts.every(({ effect }) => effect === 'read')) return judged;
  if (alert !== undefined) return byAnother(judged);
  return plannedBy === undefined ? judged : atLeastAsk(judged, 'a language model has drafted it');
}

function atLeastAsk(judged: Judged, reason: string): Judged {
  if (judged.outcome !== 'go' || judged.approval.kind !== 'none') return judged;
  const ask = { quorum: 1, roles: anyRole, notAuthor: false, expiresAfterSeconds: 4 * 3600 };
  return { outcome: 'go', approval: { kind: 'ask', reason, ...ask } };
}

/** Nobody has asked for it: the person in whose name it is made is not the one to approve it. */
function byAnother(judged: Judged): Judged {
  const asked = atLeastAsk(judged, 'its kind needs nobody else');
  if (asked.outcome !== 'go' || asked.approval.kind !== 'ask') return asked;
  const reason = `${asked.approval.reason}; an alert has started it, so somebody else must approve it`;
  return { outcome: 'go', approval: { ...asked.approval, reason, notAuthor: true } };
}

const anyRole = ['operator', 'lead', 'admin'] as const;

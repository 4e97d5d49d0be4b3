import { planDigest } from '../domain/digest.ts';
import { canonicalJson } from '../domain/json.ts';
import type { Step } from '../domain/plan.ts';
import { capturedContent } from './captured.ts';
import type { PlanRecord } from './ports.ts';

/**
 * Why a plan is not its requester's own undo within the hour, in words; undefined when it is. Nobody else looks at
 * such a plan, so each step must be exactly the way back of a step that was approved and done: an undo plan whose rows
 * say anything else is not covered.
 */
export function undoHourRefusal(
  { plan, steps }: PlanRecord,
  original: PlanRecord | undefined,
  { now, hourSeconds }: { now: Date; hourSeconds: number },
): string | undefined {
  const end = original?.plan.endedAt?.getTime() ?? 0;
  const own =
    original !== undefined &&
    plan.undoOf === original.plan.id &&
    original.plan.requester === plan.requester &&
    plan.authors.every((name) => name === plan.requester);
  if (!own || end + hourSeconds * 1000 <= now.getTime()) {
    return 'The undo hour is over, or the plan was another person’s: this undo needs an approval.';
  }
  if (planDigest(original.plan, original.steps) !== original.plan.digest) {
    return `Plan ${original.plan.id} is not what was approved: its digest does not match.`;
  }
  const exact = steps.length > 0 && steps.every((step) => isWayBack(step, original.steps));
  return exact ? undefined : `This is not the way back of plan ${original.plan.id}: it needs an approval.`;
}

function isWayBack(step: Step, done: readonly Step[]): boolean {
  const origin = done.find(({ id }) => id === step.undoOf);
  return (
    step.mode === 'undo' &&
    origin?.state === 'succeeded' &&
    canonicalJson(whatIsUndone(origin)) === canonicalJson(whatIsUndone(step))
  );
}

function whatIsUndone({ operation, operationVersion, input, environment, captured }: Step) {
  return {
    ...{ operation, operationVersion, input, environment: environment ?? null },
    captured: capturedContent(captured ?? null),
  };
}

import type { Step } from '../domain/plan.ts';
import { isWrite } from '../domain/plan.ts';
import { targetsConflict } from '../domain/target.ts';

/**
 * Chains the writes of a plan that touch one target, in their order: the later one needs the earlier one, so that its
 * precondition can be the earlier one's approved result.
 */
export function chainSameTargets(steps: readonly Step[]): Step[] {
  return steps.map((step, index) => {
    const before = previousOnTarget(steps.slice(0, index), step);
    if (!before || step.needs.includes(before.key)) return step;
    return { ...step, needs: [...step.needs, before.key] };
  });
}

/** The last earlier write on the same target, or undefined. */
export function previousOnTarget(earlier: readonly Step[], step: Step): Step | undefined {
  if (!isWrite(step)) return undefined;
  return earlier.findLast(
    (other) => isWrite(other) && other.targets.some((a) => step.targets.some((b) => targetsConflict(a, b))),
  );
}

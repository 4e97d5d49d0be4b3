import { type PlanState, type Step, stepSettled } from './plan.ts';

type Node = Pick<Step, 'key' | 'needs'>;
type Scheduled = Pick<Step, 'key' | 'needs' | 'state' | 'position' | 'mode'> & {
  captured?: unknown;
  undoKind: Step['undoKind'];
  risk: Step['risk'];
  verification?: Step['verification'] | undefined;
};
type Settled = { state: Step['state']; verification?: Step['verification'] | undefined };

/** Whether a step has done its part, and somebody else has to go on before the world is as wanted. */
export function isPending({ state, verification }: Settled): boolean {
  return state === 'succeeded' && verification?.state === 'pending';
}

/** What is wrong with the edges of a DAG, in words: unknown or doubled keys, cycles. Empty when nothing is. */
export function edgeProblems(nodes: readonly Node[]): string[] {
  const problems: string[] = [];
  const keys = new Set<string>();
  for (const { key } of nodes) {
    if (keys.has(key)) problems.push(`two steps are called "${key}"`);
    keys.add(key);
  }
  for (const { key, needs } of nodes) {
    for (const need of needs)
      if (!keys.has(need)) problems.push(`step "${key}" needs "${need}", which is not there`);
  }
  if (problems.length === 0 && topological(nodes) === undefined)
    problems.push('the steps wait for each other in a circle');
  return problems;
}

/** The steps in an order that respects `needs`, or undefined when there is a cycle. Stable: earlier stays earlier. */
export function topological<N extends Node>(nodes: readonly N[]): N[] | undefined {
  const done = new Set<string>();
  const order: N[] = [];
  let rest = [...nodes];
  while (rest.length > 0) {
    const next = rest.filter(({ needs }) => needs.every((need) => done.has(need)));
    if (next.length === 0) return undefined;
    for (const node of next) {
      done.add(node.key);
      order.push(node);
    }
    rest = rest.filter(({ key }) => !done.has(key));
  }
  return order;
}

/** Planned steps whose needs have all succeeded: what may run now, side by side. */
export function readySteps<S extends Scheduled>(steps: readonly S[]): S[] {
  const succeeded = new Set(
    steps.filter((step) => step.state === 'succeeded' && !isPending(step)).map(({ key }) => key),
  );
  return steps.filter(
    ({ state, needs }) => state === 'planned' && needs.every((need) => succeeded.has(need)),
  );
}

/** Planned steps that can never run because something they need did not succeed. */
export function unreachableSteps<S extends Scheduled>(steps: readonly S[]): S[] {
  const lost = new Set(
    steps
      .filter((step) => (stepSettled(step.state) && step.state !== 'succeeded') || isPending(step))
      .map(({ key }) => key),
  );
  let grew = true;
  while (grew) {
    grew = false;
    for (const { key, needs, state } of steps) {
      if (state === 'planned' && !lost.has(key) && needs.some((need) => lost.has(need))) {
        lost.add(key);
        grew = true;
      }
    }
  }
  return steps.filter(({ key, state }) => state === 'planned' && lost.has(key));
}

/** Whether a step left something in the world that can be put back. */
export function hasSomethingToUndo(step: Scheduled): boolean {
  const wrote = step.state === 'succeeded' || step.state === 'failed';
  return (
    wrote && step.risk.effect !== 'read' && step.undoKind === 'reversible' && step.captured !== undefined
  );
}

/** What to roll back next: steps with something to undo whose dependents are no longer in effect; last first. */
export function nextRollbacks<S extends Scheduled>(steps: readonly S[]): S[] {
  const inEffect = steps.filter((step) => hasSomethingToUndo(step) || step.state === 'rolling-back');
  return inEffect
    .filter((step) => step.state !== 'rolling-back')
    .filter((step) => !inEffect.some((other) => other !== step && dependsOn(steps, other, step.key)))
    .sort((a, b) => b.position - a.position);
}

/** Looks at each step once: in a dense plan there are more paths than there is time. */
function dependsOn(steps: readonly Node[], from: Node, key: string): boolean {
  const above = new Set(from.needs);
  for (const need of above) {
    for (const more of steps.find((step) => step.key === need)?.needs ?? []) above.add(more);
  }
  return above.has(key);
}

/** The end state of a plan whose steps have all settled and whose rollback, if any, is over. */
export function endStateOf(
  steps: readonly Settled[],
  options: { cancelled: boolean; rolledBack: boolean },
): PlanState {
  const states = new Set(steps.map(({ state }) => state));
  if (steps.length === 0) return 'failed';
  if (states.has('unclear') || states.has('roll-back-failed')) return 'needs-a-person';
  if (steps.some(isPending)) return 'needs-a-person';
  if (options.rolledBack) return 'rolled-back';
  if (states.has('failed')) return 'failed';
  if (options.cancelled) return 'cancelled';
  return [...states].every((state) => state === 'succeeded') ? 'succeeded' : 'failed';
}

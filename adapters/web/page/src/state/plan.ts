import type { DiffLine, PlanCard, StepCard } from '../../../../../src/domain/chat.ts';
import { planEnded, stepSettled } from '../../../../../src/domain/plan.ts';
import { longestCard, writesOf } from '../../../../../src/domain/plan-words.ts';
import { timeInWords } from '../words.ts';

export { headline, plannedByWords, writesOf } from '../../../../../src/domain/plan-words.ts';

export function isLong(plan: PlanCard): boolean {
  return writesOf(plan).length > longestCard;
}

export type Buttons = { decide: boolean; cancel: boolean };

/** Which buttons make sense for `person` now; whether they may is the server's to say. */
export function buttonsFor(plan: PlanCard, person: string): Buttons {
  const decided = plan.decisions.some((decision) => decision.person === person);
  return {
    decide: plan.state === 'waiting-for-approval' && !decided,
    cancel: plan.state === 'running' || plan.state === 'waiting-for-lock',
  };
}

const verdicts = { approve: 'approved', reject: 'rejected', 'request-changes': 'changes requested' } as const;

/** E.g. "approved by bob, 12:03". */
export function decisionInWords(
  { person, verdict, via, at }: PlanCard['decisions'][number],
  now: Date,
): string {
  const how = {
    button: '',
    command: '',
    'undo-hour': ' within the undo hour',
    'break-glass': ' alone (break-glass)',
    review: ' in review',
  };
  return `${verdicts[verdict]} by ${person}${how[via]}, ${timeInWords(at, now)}`;
}

/** When a step starts, e.g. "after step 1, in parallel with step 3"; nothing for a plan of one step. */
export function orderInWords(steps: readonly StepCard[], step: StepCard): string | undefined {
  if (steps.length < 2) return undefined;
  const number = (key: string) => steps.findIndex((other) => other.key === key) + 1;
  const wait = (other: StepCard) => [...other.needs].sort().join('\n');
  const parallel = steps.filter((other) => other.key !== step.key && wait(other) === wait(step));
  const first = step.needs.length === 0 ? 'starts first' : `after ${list(step.needs.map(number))}`;
  if (parallel.length === 0) return first;
  const others =
    parallel.length > 3 ? `${parallel.length} others` : list(parallel.map(({ key }) => number(key)));
  return `${first}, in parallel with ${others}`;
}

function list(numbers: number[]): string {
  const sorted = numbers.sort((a, b) => a - b);
  const last = sorted.at(-1);
  const rest = sorted.slice(0, -1);
  return rest.length === 0 ? `step ${last}` : `steps ${rest.join(', ')} and ${last}`;
}

/** How far a step is, for its bar: nothing, something (unknown how much), or all. */
export function barOf({ state }: StepCard): 'empty' | 'moving' | 'full' {
  switch (state) {
    case 'planned':
    case 'awaiting-approval':
    case 'skipped':
    case 'cancelled':
    case 'rejected':
      return 'empty';
    case 'ready':
    case 'running':
    case 'verifying':
    case 'rolling-back':
      return 'moving';
    case 'succeeded':
    case 'failed':
    case 'unclear':
    case 'rolled-back':
    case 'roll-back-failed':
      return 'full';
    default:
      return state satisfies never;
  }
}

export function settledCount(plan: PlanCard): number {
  return plan.steps.filter(({ state }) => stepSettled(state)).length;
}

/** The later of two drawings of one plan, whichever way they came; `next` wins where nothing tells them apart. */
export function laterCard(known: PlanCard | undefined, next: PlanCard): PlanCard {
  if (!known) return next;
  const rank = (card: PlanCard) => [
    card.revision,
    Number(planEnded(card.state)),
    Number(card.startedAt !== undefined),
    card.decisions.length,
  ];
  const [before, after] = [rank(known), rank(next)];
  const differs = after.findIndex((value, index) => value !== before[index]);
  return differs === -1 || (after[differs] ?? 0) > (before[differs] ?? 0) ? next : known;
}

export type Fold = { kind: 'line'; line: DiffLine } | { kind: 'gap'; lines: number };

/** Unchanged lines in a row that are worth folding away. */
const shortestGap = 3;

/** A diff with long unchanged stretches left out but for `context` lines around each change. */
export function foldDiff(diff: readonly DiffLine[], context = 2): Fold[] {
  const near = (index: number) =>
    diff.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== ' ');
  const folded: Fold[] = [];
  let start = 0;
  while (start < diff.length) {
    const shown = near(start);
    let end = start + 1;
    while (end < diff.length && near(end) === shown) end += 1;
    if (!shown && end - start >= shortestGap) folded.push({ kind: 'gap', lines: end - start });
    else for (const line of diff.slice(start, end)) folded.push({ kind: 'line', line });
    start = end;
  }
  return folded;
}

import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { settledCount } from '../state/plan.ts';
import { planStates } from '../words.ts';

/** One line of progress where the card has scrolled away, with the way to it. */
export function PlanPointer({ plan }: { plan: PlanCard }) {
  const done = settledCount(plan);
  const show = () => document.getElementById(`card-${plan.id}`)?.scrollIntoView({ block: 'start' });
  return (
    <p className="pointer" data-testid="progress" data-plan={plan.id} data-state={plan.state}>
      <span className="mono">{plan.id}</span> {planStates[plan.state].words}, {done} of {plan.steps.length}{' '}
      steps done
      <progress aria-label="Steps done" max={plan.steps.length} value={done} />
      <button type="button" className="small" onClick={show}>
        Show
      </button>
    </p>
  );
}

import { useState } from 'react';
import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { useSurroundings } from '../state/context.ts';
import { headline, isLong, plannedByWords } from '../state/plan.ts';
import { PlanActions } from './plan-actions.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { PlanHead } from './plan-head.tsx';
import { StepView } from './step.tsx';

type PlanCardProps = {
  plan: PlanCard;
  /** The plan's own view: every step in full, and the buttons however long it is. */
  full?: boolean;
  /** Fetches the plan again after a click. */
  changed?: () => Promise<void>;
};

/** A plan: facts first, written by code; then the goal, quoted; then the buttons. */
export function PlanCardView({ plan, full = false, changed }: PlanCardProps) {
  const { go, refresh } = useSurroundings();
  const [chosen, setChosen] = useState<boolean>();
  const short = !full && isLong(plan);
  const before = plan.startedAt === undefined && plan.endedAt === undefined;
  const details = chosen ?? (full || (before && !short));
  const { id, state, revision } = plan;
  const openPlan = () => go({ view: 'plan', plan: id });
  return (
    <article
      className="card"
      id={full ? undefined : `card-${id}`}
      data-testid="plan-card"
      data-plan={id}
      data-state={state}
      data-revision={revision}
      aria-label={`Plan ${id}: ${headline(plan)}`}
    >
      <PlanHead plan={plan} />
      <ol className={plan.steps.length === 1 ? 'steps single' : 'steps'}>
        {plan.steps.map((step, index) => (
          <StepView key={step.id} plan={plan} step={step} number={index + 1} details={details} />
        ))}
      </ol>
      <PlanFacts plan={plan} full={full} />
      <figure className="goal">
        <figcaption>Asked by {plan.requester}</figcaption>
        <blockquote>{plan.goal}</blockquote>
      </figure>
      {details && plan.plannedBy && <p className="muted">{plannedByWords(plan)}</p>}
      <footer className="card-foot">
        {short && before && (
          <button type="button" className="primary" data-testid="open-plan" onClick={() => openPlan()}>
            Open the full plan
          </button>
        )}
        <PlanActions key={revision} plan={plan} decidable={!short} changed={changed ?? refresh} />
        <span className="end">
          {!full && !short && (
            <button type="button" className="plain" onClick={() => openPlan()}>
              Full plan
            </button>
          )}
          <button
            type="button"
            className="plain"
            data-testid="details"
            aria-expanded={details}
            onClick={() => setChosen(!details)}
          >
            {details ? 'Hide details' : 'Details'}
          </button>
        </span>
      </footer>
    </article>
  );
}

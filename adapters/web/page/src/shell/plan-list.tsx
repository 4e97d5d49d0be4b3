import { useEffect, useState } from 'react';
import type { PlanCard } from '../../../../../src/domain/chat.ts';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { api, faultFrom } from '../api.ts';
import { Badge } from '../common/badge.tsx';
import { FaultLine } from '../common/fault-line.tsx';
import { moveFocus } from '../common/use-keys.ts';
import { useNow } from '../common/use-now.ts';
import type { Route } from '../route.ts';
import { useSurroundings } from '../state/context.ts';
import { headline } from '../state/plan.ts';
import { planStates, timeInWords } from '../words.ts';

type PlanListProps = { route: Route; open: (route: Route) => void; changed: unknown };

/** The newest plans of all threads; fetched again when a thread changes. */
export function PlanList({ route, open, changed }: PlanListProps) {
  const { plans: ofThread } = useSurroundings();
  const [plans, setPlans] = useState<readonly PlanCard[]>();
  const [fault, setFault] = useState<Fault>();
  const now = useNow(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what changed elsewhere is the reason to fetch again
  useEffect(() => {
    let current = true;
    api.plans().then(
      (found) => current && setPlans(found),
      (error: unknown) => current && setFault(faultFrom(error)),
    );
    return () => {
      current = false;
    };
  }, [changed, ofThread]);
  if (fault && !plans) return <FaultLine fault={fault} />;
  if (plans?.length === 0) return <p className="quiet empty">No plans yet.</p>;
  return (
    <ul className="list" data-testid="plan-list" aria-label="Plans" onKeyDown={moveFocus}>
      {plans?.map((plan) => (
        <li key={plan.id}>
          <button
            type="button"
            data-plan={plan.id}
            aria-current={route.view === 'plan' && route.plan === plan.id ? 'page' : undefined}
            onClick={() => open({ view: 'plan', plan: plan.id })}
          >
            <span className="title">{headline(plan)}</span>
            <span className="meta">
              <Badge tone={planStates[plan.state].tone}>{planStates[plan.state].words}</Badge>{' '}
              {plan.requester} · {timeInWords(plan.createdAt, now)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

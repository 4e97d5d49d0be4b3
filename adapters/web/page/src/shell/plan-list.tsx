import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { api } from '../api.ts';
import { Badge } from '../common/badge.tsx';
import { FaultLine } from '../common/fault-line.tsx';
import { moveFocus } from '../common/use-keys.ts';
import { useNow } from '../common/use-now.ts';
import type { Route } from '../route.ts';
import { useSurroundings } from '../state/context.ts';
import { headline } from '../state/plan.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { planStates, timeInWords } from '../words.ts';

type PlanListProps = { open: (route: Route) => void };

/** The newest plans of all threads; fetched again when something changes. */
export function PlanList({ open }: PlanListProps) {
  const { changes } = useSurroundings();
  const { data: plans, fault } = useLoaded(newest, changes);
  const now = useNow(false);
  if (fault && !plans) return <FaultLine fault={fault} />;
  if (plans?.length === 0) return <p className="quiet empty">No plans yet.</p>;
  return (
    <ul className="list" data-testid="plan-list" aria-label="Plans" onKeyDown={moveFocus}>
      {plans?.map((plan) => (
        <li key={plan.id}>
          <button type="button" data-plan={plan.id} onClick={() => open({ view: 'plan', plan: plan.id })}>
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

function newest(): Promise<PlanCard[]> {
  return api.plans();
}

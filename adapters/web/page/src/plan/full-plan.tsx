import { useCallback, useEffect, useState } from 'react';
import type { PlanCard } from '../../../../../src/domain/chat.ts';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { planEnded } from '../../../../../src/domain/plan.ts';
import { api, faultFrom } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { useSurroundings } from '../state/context.ts';
import { laterCard } from '../state/plan.ts';
import { PlanCardView } from './plan-card.tsx';

/** Milliseconds between looks at a plan that has not ended; its thread may be another than the one that is open. */
const lookAgain = 1500;

/** One plan with everything on it, by itself. */
export function FullPlan({ id, back }: { id: string; back: () => void }) {
  const { plans, refresh } = useSurroundings();
  const [fetched, setFetched] = useState<PlanCard>();
  const [fault, setFault] = useState<Fault>();
  const look = useCallback(async () => {
    try {
      setFetched(await api.plan(id));
      setFault(undefined);
    } catch (error) {
      setFault(faultFrom(error));
    }
  }, [id]);
  const ended = fetched !== undefined && planEnded(fetched.state);
  useEffect(() => {
    void look();
    if (ended) return;
    const timer = window.setInterval(() => void look(), lookAgain);
    return () => window.clearInterval(timer);
  }, [look, ended]);
  const plan = fetched ?? plans[id];
  const changed = useCallback(async () => {
    await Promise.all([look(), refresh()]);
  }, [look, refresh]);
  return (
    <div className="scroll">
      <div className="log" data-testid="full-plan">
        <p>
          <button type="button" className="small" onClick={back}>
            Back to the thread
          </button>
        </p>
        {plan && (
          <PlanCardView
            plan={plans[id] && fetched ? laterCard(plans[id], fetched) : plan}
            full
            changed={changed}
          />
        )}
        <FaultLine fault={fault} />
      </div>
    </div>
  );
}

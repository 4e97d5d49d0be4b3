import { useCallback } from 'react';
import { api, type PlanWithWays } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { Page } from '../common/page.tsx';
import { useAct } from '../common/use-act.ts';
import { PlanCardView } from '../plan/plan-card.tsx';
import { PlanGraph } from '../plan/plan-graph.tsx';
import { StepPanel } from '../plan/step-panel.tsx';
import { Timeline } from '../plan/timeline.tsx';
import { Trail } from '../plan/trail.tsx';
import { formatRoute, type Route } from '../route.ts';
import { useSurroundings } from '../state/context.ts';
import { headline, laterCard } from '../state/plan.ts';
import { useLoaded } from '../state/use-loaded.ts';
import '../styles/plan-page.css';

type PlanPageProps = { route: Extract<Route, { view: 'plan' }> };

/** One plan with everything that is known of it; it follows what happens. */
export default function PlanPage({ route }: PlanPageProps) {
  const { plans, changes, refresh } = useSurroundings();
  const { plan: id, step: chosen } = route;
  const load = useCallback(() => api.plan(id), [id]);
  const { data, fault, again } = useLoaded(load, changes);
  const trailOf = useCallback(() => api.trail({ plan: id, limit: '200' }), [id]);
  const { data: trail, fault: lost } = useLoaded(trailOf, changes);
  const changed = useCallback(async () => {
    await Promise.all([again(), refresh()]);
  }, [again, refresh]);
  if (!data) {
    return (
      <Page title={`Plan ${id}`}>
        {fault ? <FaultLine fault={fault} /> : <p className="quiet">One moment…</p>}
      </Page>
    );
  }
  const known = plans[id];
  const plan = known ? laterCard(known, data.plan) : data.plan;
  const step = plan.steps.find(({ key }) => key === chosen) ?? plan.steps[0];
  return (
    <Page title={headline(plan)} about={<Ways data={data} changed={changed} />}>
      <FaultLine fault={fault} />
      {plan.steps.length > 1 && <PlanGraph plan={plan} chosen={step?.key} />}
      <div data-testid="full-plan">
        <PlanCardView plan={plan} full changed={changed} />
      </div>
      <section className="panel" aria-label="Timeline">
        <h3>Timeline</h3>
        <Timeline plan={plan} />
      </section>
      {step && <StepPanel key={step.key} plan={plan} step={step} changes={changes} />}
      <section className="panel" aria-label="History">
        <h3>History</h3>
        <FaultLine fault={lost} />
        {trail && <Trail events={trail.events} label="History of the plan" />}
        {trail?.next && <p className="quiet">Earlier events: npx reign audit list --limit 500 --plan {id}</p>}
      </section>
    </Page>
  );
}

/** The ways from here: to the thread, and back to how it was. */
function Ways({ data, changed }: { data: PlanWithWays; changed: () => Promise<void> }) {
  const { go } = useSurroundings();
  const { busy, fault, act } = useAct();
  const { plan, conversation, canUndo } = data;
  const undo = () =>
    act(async () => {
      const made = await api.undo(plan.id);
      await changed();
      go({ view: 'plan', plan: made.plan });
    });
  return (
    <>
      <a href={formatRoute({ view: 'thread', conversation })}>Its thread</a>
      {plan.undoOf && (
        <>
          {' · undo of '}
          <a href={formatRoute({ view: 'plan', plan: plan.undoOf })}>{plan.undoOf}</a>
        </>
      )}
      {canUndo && (
        <>
          {' '}
          <button
            type="button"
            className="small"
            data-testid="undo-plan"
            disabled={busy}
            onClick={() => void undo()}
          >
            Undo
          </button>
        </>
      )}
      <FaultLine fault={fault} />
    </>
  );
}

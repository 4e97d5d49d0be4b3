import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { Page } from '../common/page.tsx';
import { Freezes } from '../plan/freezes.tsx';
import { PlanCardView } from '../plan/plan-card.tsx';
import { useSurroundings } from '../state/context.ts';
import { useLoaded } from '../state/use-loaded.ts';

/** What waits for the person who looks, and what is frozen. */
export default function Approvals() {
  const { changes, refresh } = useSurroundings();
  const { data, fault } = useLoaded(api.approvals, changes);
  return (
    <Page title="Approvals" about="Plans that wait for you, with everything that you would approve.">
      <FaultLine fault={fault} />
      {data && data.decide.length === 0 && (
        <p className="quiet" data-testid="nothing-waits">
          Nothing waits for you.
        </p>
      )}
      {data && <Cards plans={data.decide} changed={refresh} />}
      {data && data.review.length > 0 && (
        <>
          <h3>Run alone, to be reviewed</h3>
          <Cards plans={data.review} changed={refresh} />
        </>
      )}
      <Freezes />
    </Page>
  );
}

function Cards({ plans, changed }: { plans: readonly PlanCard[]; changed: () => Promise<void> }) {
  return (
    <div className="cards">
      {plans.map((plan) => (
        <PlanCardView key={plan.id} plan={plan} changed={changed} />
      ))}
    </div>
  );
}

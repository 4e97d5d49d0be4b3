import { useState } from 'react';
import type { Verdict } from '../../../../../src/domain/approval.ts';
import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { planEnded } from '../../../../../src/domain/plan.ts';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { useAct } from '../common/use-act.ts';
import { useSurroundings } from '../state/context.ts';
import { buttonsFor } from '../state/plan.ts';
import { type Asking, ReasonForm } from './reason-form.tsx';
import { ReviewButtons } from './review-buttons.tsx';

type PlanActionsProps = {
  plan: PlanCard;
  /** Whether everything that would be approved is on this card. */
  decidable: boolean;
  changed: () => Promise<void>;
};

/** The buttons of a card. Each names the revision that is shown here; a refusal stays beside them. */
export function PlanActions({ plan, decidable, changed }: PlanActionsProps) {
  const { person } = useSurroundings();
  const { busy, fault, act } = useAct();
  const [asking, setAsking] = useState<Asking>();
  const buttons = buttonsFor(plan, person);
  const decide = (verdict: Verdict | 'break-glass', reason?: string) =>
    act(async () => {
      const why = reason ? { reason } : {};
      const how = verdict === 'break-glass' ? { verdict: 'approve' as const, breakGlass: true } : { verdict };
      await api.decide(plan.id, { revision: plan.revision, ...how, ...why });
      setAsking(undefined);
      await changed();
    });
  const deciding = buttons.decide && decidable;
  return (
    <div className="actions">
      {deciding && asking && (
        <ReasonForm
          verdict={asking}
          busy={busy}
          decide={(reason) => void decide(asking, reason)}
          back={() => setAsking(undefined)}
        />
      )}
      {deciding && !asking && (
        <>
          <button
            type="button"
            className="approve"
            data-testid="approve"
            disabled={busy}
            onClick={() => void decide('approve')}
          >
            Approve
          </button>
          <button
            type="button"
            data-testid="request-changes"
            disabled={busy}
            onClick={() => setAsking('request-changes')}
          >
            Request changes
          </button>
          <button type="button" data-testid="reject" disabled={busy} onClick={() => setAsking('reject')}>
            Reject
          </button>
          {plan.breakGlass && (
            <button
              type="button"
              className="danger"
              data-testid="break-glass"
              disabled={busy}
              onClick={() => setAsking('break-glass')}
            >
              Break glass
            </button>
          )}
        </>
      )}
      {plan.review && planEnded(plan.state) && <ReviewButtons plan={plan} changed={changed} />}
      {buttons.cancel && (
        <button
          type="button"
          data-testid="cancel"
          disabled={busy}
          onClick={() => void act(() => api.cancel(plan.id).then(changed))}
        >
          Cancel
        </button>
      )}
      <FaultLine fault={fault} />
    </div>
  );
}

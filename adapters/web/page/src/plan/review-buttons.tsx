import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { reviewDue } from '../../../../../src/domain/plan.ts';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { useAct } from '../common/use-act.ts';

type ReviewButtonsProps = { plan: PlanCard; changed: () => Promise<void> };

/** What others say of a plan that the person on call ran alone; nothing once they have. */
export function ReviewButtons({ plan, changed }: ReviewButtonsProps) {
  const { busy, fault, act } = useAct();
  const { review } = plan;
  if (!reviewDue(review)) return null;
  const give = (verdict: 'approve' | 'reject') =>
    void act(() => api.review(plan.id, verdict).then(() => changed()));
  return (
    <>
      <span className="quiet">{review.by} ran this alone. Was it right?</span>
      <button type="button" data-testid="review-approve" disabled={busy} onClick={() => give('approve')}>
        It was right
      </button>
      <button type="button" data-testid="review-reject" disabled={busy} onClick={() => give('reject')}>
        It was wrong
      </button>
      <FaultLine fault={fault} />
    </>
  );
}

import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { useNow } from '../common/use-now.ts';
import { approvalInWords } from '../state/approval.ts';
import { decisionInWords } from '../state/plan.ts';
import { durationInWords, failureWords, timeInWords } from '../words.ts';

/** Who must agree and who did, until when, and what happens when something fails. */
export function PlanFacts({ plan, full }: { plan: PlanCard; full: boolean }) {
  const waiting = plan.state === 'waiting-for-approval';
  const now = useNow(waiting && plan.expiresAt !== undefined);
  const { approval, waitingFor, expiresAt, outcome } = plan;
  return (
    <dl className="facts">
      <div>
        <dt>On failure</dt>
        <dd>{failureWords[plan.onFailure]}</dd>
      </div>
      <div>
        <dt>Approval</dt>
        <dd>
          {approvalInWords(approval)}
          {!waitingFor?.includes(approval.reason) && approval.reason && (
            <span className="why">{approval.reason}</span>
          )}
          {waitingFor && (
            <span className="why" data-testid="waiting-for">
              {waitingFor}
            </span>
          )}
          {waiting && expiresAt && (
            <span className="why">
              Expires in {durationInWords(Date.parse(expiresAt) - now.getTime())} (at{' '}
              {timeInWords(expiresAt, now)}).
            </span>
          )}
          {plan.decisions.map((decision) => (
            <span key={decision.person} className={`decision ${decision.verdict}`} data-testid="decision">
              {decisionInWords(decision, now)}
              {decision.reason && <q>{decision.reason}</q>}
            </span>
          ))}
        </dd>
      </div>
      {full && outcome && (
        <div>
          <dt>Outcome</dt>
          <dd>{outcome}</dd>
        </div>
      )}
    </dl>
  );
}

import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { planEnded } from '../../../../../src/domain/plan.ts';
import { Badge, EnvironmentBadge } from '../common/badge.tsx';
import { useNow } from '../common/use-now.ts';
import { headline } from '../state/plan.ts';
import { durationInWords, planStates } from '../words.ts';

export function PlanHead({ plan }: { plan: PlanCard }) {
  const { words, tone } = planStates[plan.state];
  return (
    <header className="card-head">
      <p className="card-line">
        <span className="mono">{plan.id}</span>
        <span>revision {plan.revision}</span>
        <span className="mono digest" title={`digest ${plan.digest}`}>
          {plan.digest.slice(0, 8)}
        </span>
        {plan.undoOf && <span>undo of {plan.undoOf}</span>}
        <span className="end">
          <Elapsed plan={plan} /> <Badge tone={tone}>{words}</Badge>
        </span>
      </p>
      {plan.steps.length !== 1 && <h2>{headline(plan)}</h2>}
      <p className="environments">
        {plan.environments.map((environment) => (
          <EnvironmentBadge key={environment.name} {...environment} />
        ))}
      </p>
    </header>
  );
}

function Elapsed({ plan: { startedAt, endedAt, state } }: { plan: PlanCard }) {
  const now = useNow(startedAt !== undefined && !planEnded(state));
  if (!startedAt) return null;
  const end = endedAt ? Date.parse(endedAt) : now.getTime();
  return <span className="elapsed">{durationInWords(end - Date.parse(startedAt))}</span>;
}

import type { PlanCard, StepCard } from '../../../../../src/domain/chat.ts';
import { stepSettled } from '../../../../../src/domain/plan.ts';
import { Badge } from '../common/badge.tsx';
import { useNow } from '../common/use-now.ts';
import { barOf, orderInWords } from '../state/plan.ts';
import { durationInWords, riskLevels, stepStates } from '../words.ts';
import { StepBrief, StepDetails } from './step-details.tsx';

type StepProps = { plan: PlanCard; step: StepCard; number: number; details: boolean };

/** One step: what it does and how risky it is; once the plan runs, how far it is. */
export function StepView({ plan, step, number, details }: StepProps) {
  const risk = riskLevels[step.risk];
  const order = orderInWords(plan.steps, step);
  return (
    <li className="step" data-testid="step" data-key={step.key} data-state={step.state}>
      <span className="number" aria-hidden="true">
        {number}
      </span>
      <div className="step-body">
        <p className="step-line">
          <b className="step-title">{step.title}</b>
          <Badge tone={risk.tone}>{risk.words}</Badge>
        </p>
        {step.preview?.summary && <p className="summary">{step.preview.summary}</p>}
        {order && <p className="order">{order}</p>}
        <StepProgress plan={plan} step={step} />
        {details && <StepDetails plan={plan} step={step} />}
        {!details && !plan.startedAt && <StepBrief step={step} />}
      </div>
    </li>
  );
}

function StepProgress({ plan, step }: { plan: PlanCard; step: StepCard }) {
  const bar = barOf(step);
  const now = useNow(step.startedAt !== undefined && !stepSettled(step.state));
  if (!plan.startedAt) return null;
  const { words, tone } = stepStates[step.state];
  return (
    <div className={`progress ${tone}`}>
      <span className="state">{words}</span>
      <progress
        aria-label={`${step.title}: ${words}`}
        max={1}
        {...(bar === 'moving' ? {} : { value: bar === 'full' ? 1 : 0 })}
      />
      <span className="elapsed">{elapsed(step, now)}</span>
      {step.evidence && <p className="evidence">{step.evidence}</p>}
      {step.fault && <p className="step-fault">{step.fault}</p>}
    </div>
  );
}

function elapsed({ startedAt, endedAt, state }: StepCard, now: Date): string {
  if (!startedAt) return '';
  const settled = stepSettled(state);
  if (settled && !endedAt) return '';
  const end = endedAt && settled ? Date.parse(endedAt) : now.getTime();
  return durationInWords(end - Date.parse(startedAt));
}

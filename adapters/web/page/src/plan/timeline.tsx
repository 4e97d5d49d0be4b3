import type { PlanCard, StepCard } from '../../../../../src/domain/chat.ts';
import { planEnded } from '../../../../../src/domain/plan.ts';
import { useNow } from '../common/use-now.ts';
import { durationInWords, stepStates } from '../words.ts';

/** Units of the whole time, and of a row. */
const wide = 1000;
const tall = 22;

/** When each step ran, from the first start to now or the end. */
export function Timeline({ plan }: { plan: PlanCard }) {
  const now = useNow(plan.startedAt !== undefined && !planEnded(plan.state));
  const begun = plan.steps.filter(({ startedAt }) => startedAt !== undefined);
  const from = Math.min(...begun.map(({ startedAt = '' }) => Date.parse(startedAt)));
  if (begun.length === 0) return <p className="quiet">No step has started yet.</p>;
  const ends = begun.map((step) => endOf(step, now));
  const span = Math.max(1, Math.max(...ends) - from);
  return (
    <ol className="timeline" data-testid="timeline">
      {begun.map((step, index) => {
        const start = Date.parse(step.startedAt ?? '');
        const end = ends[index] ?? start;
        return (
          <li key={step.key} className={stepStates[step.state].tone}>
            <span className="timeline-title">{step.title}</span>
            <svg viewBox={`0 0 ${wide} ${tall}`} preserveAspectRatio="none" aria-hidden="true">
              <rect className="track" x={0} y={8} width={wide} height={6} />
              <rect
                className="bar"
                x={((start - from) / span) * wide}
                y={4}
                width={Math.max(6, ((end - start) / span) * wide)}
                height={14}
                rx={3}
              />
            </svg>
            <span className="elapsed">
              {stepStates[step.state].words}, {durationInWords(end - start)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function endOf({ endedAt, startedAt = '' }: StepCard, now: Date): number {
  return endedAt ? Date.parse(endedAt) : Math.max(now.getTime(), Date.parse(startedAt));
}

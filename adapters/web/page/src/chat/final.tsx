import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { api } from '../api.ts';
import { Badge } from '../common/badge.tsx';
import { FaultLine } from '../common/fault-line.tsx';
import { useAct } from '../common/use-act.ts';
import { useSurroundings } from '../state/context.ts';
import { undoOf } from '../state/entries.ts';
import { durationInWords, planStates } from '../words.ts';

type FinalProps = { plan: PlanCard; text: string; canUndo: boolean };

/** The last message of a plan: how it ended, how long it took, and the way back. */
export function Final({ plan, text, canUndo }: FinalProps) {
  const { plans, refresh } = useSurroundings();
  const { busy, fault, act } = useAct();
  const { words, tone } = planStates[plan.state];
  const undo = undoOf(plans, plan.id);
  const took = tookMilliseconds(plan);
  return (
    <section className={`final ${tone}`} data-testid="final" data-state={plan.state} data-plan={plan.id}>
      <p className="final-text">
        <Badge tone={tone}>{words}</Badge> <span className="text">{text}</span>
      </p>
      <div className="row">
        {took !== undefined && <span className="quiet">took {durationInWords(took)}</span>}
        {undo && (
          <span className="quiet">
            undo: {undo.id}, {planStates[undo.state].words}
          </span>
        )}
        {canUndo && !undo && (
          <button
            type="button"
            data-testid="undo"
            disabled={busy}
            onClick={() => void act(() => api.undo(plan.id).then(refresh))}
          >
            Undo
          </button>
        )}
        <FaultLine fault={fault} />
      </div>
    </section>
  );
}

function tookMilliseconds({ startedAt, endedAt }: PlanCard): number | undefined {
  return startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : undefined;
}

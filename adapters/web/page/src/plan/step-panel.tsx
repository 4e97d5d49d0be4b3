import { lazy, useCallback } from 'react';
import type { PlanCard, StepCard } from '../../../../../src/domain/chat.ts';
import type { StepView } from '../../../../../src/domain/step-view.ts';
import { api } from '../api.ts';
import { Content } from '../chat/answer.tsx';
import { Badge } from '../common/badge.tsx';
import { FaultLine } from '../common/fault-line.tsx';
import { Chunk } from '../shell/section.tsx';
import { useLoaded } from '../state/use-loaded.ts';
import { previewWords, stepStates } from '../words.ts';
import { StepDetails } from './step-details.tsx';

const Manifests = lazy(() => import('../heavy/manifests.tsx'));
const StepLog = lazy(() => import('../heavy/step-log.tsx'));

type StepPanelProps = { plan: PlanCard; step: StepCard; changes: number };

/** All that is known of one step: facts, preview against result, manifests, and the log. */
export function StepPanel({ plan, step, changes }: StepPanelProps) {
  const { id } = plan;
  const { key } = step;
  const load = useCallback(() => api.step(id, key), [id, key]);
  const { data: view, fault } = useLoaded(load, changes);
  return (
    <section className="panel step-panel" aria-label={`Step ${key}`} data-testid="step-panel" data-step={key}>
      <h3>{step.title}</h3>
      <StepDetails plan={plan} step={step} />
      <FaultLine fault={fault} />
      <Compared step={step} view={view} />
      {view && (view.before !== null || view.after !== null) && (
        <>
          <h4>Before and after</h4>
          <Chunk>
            <Manifests before={view.before} after={view.after} name={step.title} />
          </Chunk>
        </>
      )}
      <h4>Log</h4>
      {view && (
        <Chunk>
          <StepLog view={view} />
        </Chunk>
      )}
    </section>
  );
}

/** What was promised, and what came of it. */
function Compared({ step, view }: { step: StepCard; view: StepView | undefined }) {
  const { preview, evidence, fault, state } = step;
  const { words, tone } = stepStates[state];
  return (
    <div className="compared" data-testid="compared">
      <section>
        <h4>Previewed</h4>
        <p>{preview ? preview.summary : 'Nothing: it only reads.'}</p>
        {preview && <p className="quiet">{previewWords(preview.kind)}</p>}
      </section>
      <section>
        <h4>Result</h4>
        <p>
          <Badge tone={tone}>{words}</Badge> {fault ?? evidence ?? ''}
        </p>
        {view?.hidden && <p className="quiet">What it printed is for the asker alone.</p>}
        {view?.output && <Content content={view.output} />}
      </section>
    </div>
  );
}

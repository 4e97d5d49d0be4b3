import type { PlanCard, StepCard } from '../../../../../src/domain/chat.ts';
import type { Effect } from '../../../../../src/domain/risk.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { previewWords } from '../words.ts';
import { Diff } from './diff.tsx';

const effects: Record<Effect, string> = {
  read: 'reads',
  create: 'creates',
  update: 'changes',
  delete: 'deletes',
  'run-code': 'runs code',
};

/** What an approver should know of a step: target, reasons, undo, preview, and how it is done by hand. */
export function StepDetails({ plan, step }: { plan: PlanCard; step: StepCard }) {
  const { preview } = step;
  return (
    <div className="details">
      <Warnings step={step} />
      {preview && preview.diff.length > 0 && <Diff diff={preview.diff} />}
      <dl className="facts">
        <div>
          <dt>Target</dt>
          <dd>
            {effects[step.effect]}{' '}
            {step.targets.map((target) => (
              <code key={target}>{target}</code>
            ))}
            {plan.environments.length > 1 && step.environment && ` in ${step.environment}`}
          </dd>
        </div>
        {step.reasons.length > 0 && (
          <div>
            <dt>Risk</dt>
            <dd>{step.reasons.join('; ')}</dd>
          </div>
        )}
        {step.effect !== 'read' && (
          <div>
            <dt>Undo</dt>
            <dd className={step.undo} data-testid="undo-kind">
              {undoWords(step)}
            </dd>
          </div>
        )}
        {step.takes && (
          <div>
            <dt>Takes</dt>
            <dd>{step.takes.join('; ')}</dd>
          </div>
        )}
        {preview && (
          <div>
            <dt>Preview</dt>
            <dd>{previewWords(preview.kind)}</dd>
          </div>
        )}
        {step.byHand && (
          <div>
            <dt>By hand</dt>
            <dd className="by-hand">
              <code>{step.byHand}</code> <CopyButton text={step.byHand} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

/** What stays in sight when the details are hidden: warnings, targets, and whether there is a way back. */
export function StepBrief({ step }: { step: StepCard }) {
  return (
    <div className="details">
      <Warnings step={step} />
      <p className="order">
        {effects[step.effect]} <code>{step.targets.join(', ')}</code>{' '}
        {step.effect !== 'read' && <span className={step.undo}>{undoWords(step)}</span>}
      </p>
    </div>
  );
}

function Warnings({ step }: { step: StepCard }) {
  return step.preview?.warnings.map((warning) => (
    <p key={warning} className="warning" data-testid="warning">
      <b>Warning:</b> {warning}
    </p>
  ));
}

function undoWords({ mode, undo }: StepCard): string {
  if (mode === 'undo') return 'This puts back what an earlier plan changed.';
  return undo === 'reversible' ? 'Can be undone.' : 'Cannot be undone.';
}

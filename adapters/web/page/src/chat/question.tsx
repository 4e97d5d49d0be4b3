import type { ChatBody } from '../../../../../src/domain/chat.ts';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { useAct } from '../common/use-act.ts';
import { useSurroundings } from '../state/context.ts';

type QuestionProps = Omit<Extract<ChatBody, { kind: 'question' }>, 'kind'>;

/** Something to be decided by who asked, with a button for each reading, or by writing it. */
export function Question({ questionId, text, to, options, answered }: QuestionProps) {
  const { person, refresh } = useSurroundings();
  const { busy, fault, act } = useAct();
  if (answered !== undefined) {
    return (
      <p className="notice" data-testid="question" data-answered={answered}>
        {text} <b>{answered}</b>
      </p>
    );
  }
  return (
    <fieldset className="question" data-testid="question">
      <legend>{text}</legend>
      {to !== person && <p className="quiet">Asked of {to}.</p>}
      {options.length === 0 && <p className="quiet">Write the answer below.</p>}
      <div className="options">
        {options.map(({ label }, index) => (
          <button
            key={label}
            type="button"
            data-testid="question-option"
            disabled={busy}
            onClick={() => void act(() => api.answer(questionId, index).then(refresh))}
          >
            {label}
          </button>
        ))}
      </div>
      <FaultLine fault={fault} />
    </fieldset>
  );
}

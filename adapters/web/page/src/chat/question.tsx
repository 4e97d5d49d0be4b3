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
  const open = answered === undefined;
  return (
    <fieldset className="question" data-testid="question" data-answered={answered}>
      <legend>{text}</legend>
      {open && to !== person && <p className="quiet">Asked of {to}.</p>}
      {open && options.length === 0 && <p className="quiet">Write the answer below.</p>}
      {open && (
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
      )}
      {!open && <p className="quiet">Answered: {answered}</p>}
      <FaultLine fault={fault} />
    </fieldset>
  );
}

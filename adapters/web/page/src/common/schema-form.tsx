import { type FormEvent, useRef, useState } from 'react';
import type { Json } from '../../../../../src/domain/json.ts';
import type { Sent } from '../api.ts';
import { useSurroundings } from '../state/context.ts';
import { type FormField, readForm } from '../state/schema-form.ts';
import { FaultLine } from './fault-line.tsx';
import { Field } from './field.tsx';
import { newKey } from './new-key.ts';
import { useAct } from './use-act.ts';

type SchemaFormProps = {
  fields: readonly FormField[];
  /** What stands in the fields at first. */
  typed: Readonly<Record<string, string>>;
  send: (values: { [name: string]: Json }, key: string) => Promise<Sent>;
};

/** Asks for what a request needs and sends it; what becomes of it is shown in its own thread. */
export function SchemaForm({ fields, typed: first, send }: SchemaFormProps) {
  const { go } = useSurroundings();
  const { busy, fault, act } = useAct();
  const [typed, setTyped] = useState(first);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  // The same request again, after an answer that was lost, is the same one: it is not carried out twice.
  const key = useRef(newKey());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readForm(fields, typed);
    setProblems(read.problems);
    if (Object.keys(read.problems).length > 0) return;
    void act(async () => {
      const { conversation } = await send(read.values, key.current);
      key.current = newKey();
      go({ view: 'thread', conversation });
    });
  };
  return (
    <form className="schema-form" onSubmit={submit} noValidate data-testid="try">
      {fields.map((field) => (
        <div key={field.name}>
          <Field label={field.needed ? `${field.name} (needed)` : field.name}>
            <Control
              field={field}
              value={typed[field.name] ?? ''}
              set={(value) => {
                key.current = newKey();
                setTyped({ ...typed, [field.name]: value });
              }}
              wrong={problems[field.name] !== undefined}
            />
          </Field>
          {field.hint && <p className="hint quiet">{field.hint}</p>}
          {problems[field.name] && (
            <p className="fault" role="alert">
              {problems[field.name]}
            </p>
          )}
        </div>
      ))}
      <div className="row">
        <button type="submit" className="primary" data-testid="try-button" disabled={busy}>
          Preview it
        </button>
        <span className="quiet">
          Nothing is changed before it was previewed and, where policy asks, approved.
        </span>
      </div>
      <FaultLine fault={fault} />
    </form>
  );
}

type ControlProps = { field: FormField; value: string; set: (value: string) => void; wrong: boolean };

function Control({ field, value, set, wrong }: ControlProps) {
  const { session } = useSurroundings();
  const { kind, name, choices } = field;
  const shared = { name, value, 'aria-invalid': wrong, 'data-field': name };
  const hear = ({ target }: { target: { value: string } }) => set(target.value);
  if (kind === 'choice' || kind === 'boolean') {
    const options = kind === 'boolean' ? ['true', 'false'] : choices.map(String);
    return (
      <select {...shared} onChange={hear}>
        <option value="">-</option>
        {options.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    );
  }
  if (kind === 'list' || kind === 'json') return <textarea rows={3} {...shared} onChange={hear} />;
  const places = name === 'environment' ? 'environments' : undefined;
  return (
    <>
      <input
        {...shared}
        autoComplete="off"
        inputMode={kind === 'number' ? 'numeric' : undefined}
        list={places}
        onChange={hear}
      />
      {places && (
        <datalist id={places}>
          {session.environments.map((environment) => (
            <option key={environment.name} value={environment.name} />
          ))}
        </datalist>
      )}
    </>
  );
}

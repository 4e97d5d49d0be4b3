import { type ReactNode, useEffect, useState } from 'react';

type FieldProps = { label: string; children: ReactNode };

/** A field of a form with its name above it. */
export function Field({ label, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is handed in
    <label className="field">
      <span>{label}</span>
      {children}
    </label>
  );
}

type SelectProps = {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, words: string])[];
  choose: (value: string) => void;
  /** The words of an empty value; absent where one must be chosen. */
  any?: string;
  testId?: string;
};

export function Select({ label, value, choices, choose, any, testId }: SelectProps) {
  return (
    <Field label={label}>
      <select data-testid={testId} value={value} onChange={({ target }) => choose(target.value)}>
        {any !== undefined && <option value="">{any}</option>}
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
}

type TextFilterProps = { label: string; value: string; set: (value: string) => void; testId?: string };

/** What is typed counts when it is sent, so that not each letter is a question. */
export function TextFilter({ label, value, set, testId }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  // The address can change by other ways, and it is what counts.
  useEffect(() => setTyped(value), [value]);
  const send = () => {
    if (typed.trim() !== value) set(typed.trim());
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Field label={label}>
        <input
          type="search"
          data-testid={testId}
          value={typed}
          maxLength={100}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={send}
        />
      </Field>
    </form>
  );
}

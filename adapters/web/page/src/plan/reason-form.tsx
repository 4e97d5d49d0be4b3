import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';

export type Asking = 'reject' | 'request-changes' | 'break-glass';

type ReasonFormProps = {
  verdict: Asking;
  busy: boolean;
  decide: (reason: string) => void;
  back: () => void;
};

const words = {
  reject: { label: 'Why is it rejected? (may be left empty)', button: 'Reject the plan' },
  'request-changes': { label: 'What should change?', button: 'Request these changes' },
  'break-glass': {
    label: 'Why can this not wait? Everybody is told at once, and others review it within a day.',
    button: 'Run it alone',
  },
} as const;

/** Asks for the reason of a rejection in place. Wishes for changes need one. */
export function ReasonForm({ verdict, busy, decide, back }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const needed = verdict !== 'reject' && reason.trim() === '';
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (needed) field.current?.focus();
    else decide(reason.trim());
  };
  const hear = (event: KeyboardEvent) => {
    if (event.key === 'Escape') back();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className="reason" onSubmit={submit}>
      <label>
        {words[verdict].label}
        <textarea
          ref={field}
          data-testid="reason"
          rows={2}
          maxLength={1000}
          required={verdict !== 'reject'}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          onKeyDown={hear}
        />
      </label>
      <div className="row">
        <button
          type="submit"
          className={verdict === 'request-changes' ? 'primary' : 'danger'}
          data-testid={verdict}
          disabled={busy}
        >
          {words[verdict].button}
        </button>
        <button type="button" className="plain" onClick={back}>
          Back
        </button>
      </div>
    </form>
  );
}

import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';

type ReasonFormProps = {
  verdict: 'reject' | 'request-changes';
  busy: boolean;
  decide: (reason: string) => void;
  back: () => void;
};

const words = {
  reject: { label: 'Why is it rejected? (may be left empty)', button: 'Reject the plan' },
  'request-changes': { label: 'What should change?', button: 'Request these changes' },
} as const;

/** Asks for the reason of a rejection in place. Wishes for changes need one. */
export function ReasonForm({ verdict, busy, decide, back }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const needed = verdict === 'request-changes' && reason.trim() === '';
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
          required={verdict === 'request-changes'}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          onKeyDown={hear}
        />
      </label>
      <div className="row">
        <button
          type="submit"
          className={verdict === 'reject' ? 'danger' : 'primary'}
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

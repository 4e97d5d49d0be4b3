import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useState } from 'react';

type ComposerProps = {
  field: RefObject<HTMLTextAreaElement | null>;
  conversation: string | undefined;
  send: (text: string) => void;
};

/** Unsent text of each conversation, kept while the page is open. */
const drafts = new Map<string, string>();

/** The field to write in. Enter sends, Shift+Enter starts a line; it is never disabled. */
export function Composer({ field, conversation, send }: ComposerProps) {
  const name = conversation ?? '';
  const [text, setText] = useState(drafts.get(name) ?? '');
  useEffect(() => setText(drafts.get(name) ?? ''), [name]);
  useEffect(() => field.current?.focus({ preventScroll: true }), [field]);
  const change = (next: string) => {
    drafts.set(name, next);
    setText(next);
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === '') return;
    send(text.trim());
    change('');
    field.current?.focus();
  };
  const hear = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        ref={field}
        data-testid="composer"
        aria-label="Message to Reign"
        placeholder="What should be done?"
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onChange={({ target }) => change(target.value)}
        onKeyDown={hear}
      />
      <button type="submit" className="primary" data-testid="send">
        Send
      </button>
      <p className="keys" aria-hidden="true">
        <kbd>Enter</kbd> sends, <kbd>Shift</kbd>+<kbd>Enter</kbd> new line, <kbd>/</kbd> to write,{' '}
        <kbd>n</kbd> new thread
      </p>
    </form>
  );
}

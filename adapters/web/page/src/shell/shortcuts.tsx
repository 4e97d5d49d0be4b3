import { useEffect, useRef } from 'react';
import { sections } from '../route.ts';
import { sectionNames } from './nav.tsx';

const shortcuts: readonly (readonly [keys: string, what: string])[] = [
  ['1', 'Chat'],
  ...sections.map((section, index) => [`${index + 2}`, sectionNames[section]] as const),
  ['n', 'New thread'],
  ['/', 'Write a message, or filter'],
  ['?', 'These shortcuts'],
  ['Esc', 'Close what is open'],
];

/** The shortcuts, as a dialog that the browser keeps the focus in. */
export function Shortcuts({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="shortcuts" data-testid="shortcuts" onClose={close}>
      <h2 id="shortcuts">Shortcuts</h2>
      <dl className="shortcuts">
        {shortcuts.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

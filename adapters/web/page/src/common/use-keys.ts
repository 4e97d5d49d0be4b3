import { useEffect } from 'react';

/** Single-key shortcuts, heard only while nothing is being typed; `Escape` is heard always. */
export function useKeys(keys: readonly (readonly [key: string, action: () => void])[]): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const action = keys.find(([key]) => key === event.key)?.[1];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key !== 'Escape' && isTyping(event.target)) return;
      if (event.key !== 'Escape') event.preventDefault();
      action();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [keys]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** Arrow keys, Home and End move the focus among the buttons of a list. */
export function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || buttons.length === 0) return;
  event.preventDefault();
  buttons[Math.min(Math.max(to, 0), buttons.length - 1)]?.focus();
}

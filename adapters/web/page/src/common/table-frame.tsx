import type { ReactNode } from 'react';

/** A table that may be wider than the page: it scrolls by itself, also by the keyboard. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className="table" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}

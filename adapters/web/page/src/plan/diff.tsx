import { useState } from 'react';
import type { DiffLine } from '../../../../../src/domain/chat.ts';
import { type Fold, foldDiff } from '../state/plan.ts';
import { count } from '../words.ts';

/** Before and after, line by line; long unchanged stretches open on a click. */
export function Diff({ diff }: { diff: readonly DiffLine[] }) {
  const [whole, setWhole] = useState(false);
  const folds: Fold[] = whole ? diff.map((line) => ({ kind: 'line', line })) : foldDiff(diff);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className="diff" aria-label="What changes" data-testid="diff" tabIndex={0}>
      <ol>
        {folds.map((fold, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <li key={index} className={fold.kind === 'gap' ? 'gap' : signNames[fold.line.sign]}>
            {fold.kind === 'gap' ? (
              <button type="button" className="plain" onClick={() => setWhole(true)}>
                {count(fold.lines, 'unchanged line')}
              </button>
            ) : (
              <>
                <span className="sign">{fold.line.sign}</span>
                {fold.line.text}
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

const signNames: Record<DiffLine['sign'], string> = { ' ': 'same', '+': 'added', '-': 'removed' };

import { useEffect, useRef } from 'react';
import type { Rendered } from '../../../../../src/domain/operation.ts';
import type { StepView } from '../../../../../src/domain/step-view.ts';
import { shown, tableLines } from '../../../../../src/domain/text.ts';
import { type OpenTerminal, openTerminal } from './terminal.ts';
import { useDark } from './use-dark.ts';

const [dim, bold, plain] = ['\u001b[90m', '\u001b[1m', '\u001b[0m'];

/** What happened to a step, and what it printed, as a terminal shows it. */
export default function StepLog({ view }: { view: StepView }) {
  const place = useRef<HTMLDivElement>(null);
  const open = useRef<OpenTerminal>(undefined);
  const dark = useDark();
  const text = logText(view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another terminal
  useEffect(() => {
    if (!place.current) return;
    open.current = openTerminal(place.current, { disableStdin: true, scrollback: 5000 });
    return () => open.current?.close();
  }, [dark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new terminal is empty
  useEffect(() => {
    open.current?.terminal.reset();
    open.current?.terminal.write(text);
  }, [text, dark]);
  return <div className="step-log" data-testid="step-log" ref={place} />;
}

/** The lines of the log; what comes from outside cannot steer the terminal. */
function logText({ log, note, output, hidden }: StepView): string {
  const happened = log.map(
    ({ at, who, what, says }) =>
      `${dim}${at.slice(11, 19)}${plain} ${bold}${shown(what)}${plain} ${dim}${shown(who)}${plain}${says ? ` ${shown(says)}` : ''}`,
  );
  const printed = output ? linesOf(output).map(shown) : [];
  return [
    ...happened,
    ...(note ? [`${dim}now${plain} ${shown(note)}`] : []),
    ...(hidden ? ['(what it printed is for the asker alone)'] : []),
    ...printed,
  ].join('\n');
}

function linesOf(output: Rendered): readonly string[] {
  switch (output.kind) {
    case 'text':
      return output.text.split('\n');
    case 'lines':
      return output.lines;
    case 'table':
      return tableLines(output.columns, output.rows);
    default:
      return output satisfies never;
  }
}

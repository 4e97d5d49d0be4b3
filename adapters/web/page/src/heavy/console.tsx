import type { Terminal } from '@xterm/xterm';
import { useEffect, useRef } from 'react';
import { api, faultFrom } from '../api.ts';
import { useSurroundings } from '../state/context.ts';
import { drawLine, leaveLine } from '../state/draw-line.ts';
import { emptyLine, type Line, typeInto } from '../state/line-editor.ts';
import { openTerminal } from './terminal.ts';
import { useDark } from './use-dark.ts';

/** A terminal that sends each line to Reign and shows what it prints as it comes. */
export function Console() {
  const { person } = useSurroundings();
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const history = useRef<Line['history']>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another terminal
  useEffect(() => {
    if (!place.current) return;
    const { terminal, close } = openTerminal(place.current, { cursorBlink: true });
    const leave = converse(terminal, person, history);
    terminal.focus();
    return () => {
      leave();
      close();
    };
  }, [person, dark]);
  return <div className="console" data-testid="console" ref={place} />;
}

/** Reads lines and runs them, one at a time. @returns what ends it. */
function converse(terminal: Terminal, person: string, history: { current: Line['history'] }): () => void {
  const prompt = `\u001b[1m${person}\u001b[0m> `;
  let line: Line = { ...emptyLine, history: history.current };
  let running: AbortController | undefined;
  const width = `${person}> `.length;
  let row = 0;
  const show = () => {
    const drawn = drawLine(line, { prompt, width, columns: terminal.cols, row });
    row = drawn.row;
    terminal.write(drawn.data);
  };
  const leave = (text: string) => {
    terminal.write(leaveLine(text, { width, columns: terminal.cols, row }));
    row = 0;
  };
  const run = async (text: string) => {
    running = new AbortController();
    const { signal } = running;
    try {
      await api.terminal(text, (printed) => terminal.write(printed), signal);
    } catch (error) {
      terminal.writeln(signal.aborted ? '^C' : faultFrom(error).message);
    }
    running = undefined;
    if (closed) return;
    show();
    for (const data of ahead.splice(0)) hear(data);
  };
  let closed = false;
  /** What was typed while a line ran. */
  const ahead: string[] = [];
  const hear = (data: string) => {
    if (running) {
      if (data === '\u0003') running.abort();
      else ahead.push(data);
      return;
    }
    const typed = typeInto(line, data);
    if (typed.clear) {
      terminal.write('\u001b[H\u001b[2J');
      row = 0;
    }
    if (typed.stop || typed.sent !== undefined) leave(line.text);
    line = typed.line;
    history.current = line.history;
    if (typed.sent === undefined) return show();
    if (typed.sent.trim() === '') show();
    else void run(typed.sent);
  };
  const heard = terminal.onData(hear);
  show();
  return () => {
    closed = true;
    running?.abort();
    heard.dispose();
  };
}

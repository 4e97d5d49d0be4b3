import { FitAddon } from '@xterm/addon-fit';
import { type ITerminalOptions, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import './heavy.css';
import { allowStyles } from './strict-styles.ts';

export type OpenTerminal = { terminal: Terminal; close(): void };

/** Opens a terminal in an element, as wide as it is and in the page's colours. */
export function openTerminal(place: HTMLElement, options: ITerminalOptions): OpenTerminal {
  allowStyles();
  const terminal = new Terminal({
    convertEol: true,
    fontSize: 13,
    lineHeight: 1.25,
    fontFamily: '"DejaVu Sans Mono", Menlo, Consolas, monospace',
    screenReaderMode: true,
    theme: themeOf(place),
    ...options,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  fit.fit();
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(place);
  return {
    terminal,
    close: () => {
      resized.disconnect();
      terminal.dispose();
    },
  };
}

/** The colours of the page; those of states have the contrast that the page's badges have. */
function themeOf(place: HTMLElement) {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const named = {
    foreground: colour('ink'),
    background: colour('surface'),
    cursor: colour('ink'),
    selectionBackground: colour('accent-soft'),
    red: colour('bad'),
    green: colour('good'),
    yellow: colour('warn'),
    blue: colour('accent'),
    cyan: colour('accent'),
    white: colour('ink'),
    brightBlack: colour('soft'),
  };
  return { ...named, cursorAccent: named.background };
}

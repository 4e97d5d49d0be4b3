import type { ChatAct } from '../../src/domain/chat-act.ts';

// The parts of Adaptive Cards 1.5 that Reign uses. Words of people, tools and models stand in text runs, which Teams
// shows as they are: no Markdown, no link, no mention.

export type Run = {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  fontType?: 'Monospace';
  color?: string;
  isSubtle?: boolean;
};
export type Element =
  | { type: 'RichTextBlock'; inlines: Run[]; separator?: boolean }
  | { type: 'Image'; url: string; altText: string; size: 'Stretch' }
  | { type: 'Container'; items: Element[]; separator?: boolean; style?: string }
  | {
      type: 'Input.Text';
      id: string;
      label: string;
      isMultiline?: boolean;
      isRequired?: boolean;
      maxLength?: number;
      errorMessage?: string;
    }
  | { type: 'ActionSet'; actions: Action[] };
export type Action =
  | {
      type: 'Action.Execute';
      title: string;
      verb: string;
      data: { act: ChatAct };
      style?: string;
      associatedInputs?: string;
    }
  | { type: 'Action.OpenUrl'; title: string; url: string }
  | { type: 'Action.ShowCard'; title: string; card: AdaptiveCard; style?: string };
export type AdaptiveCard = {
  type: 'AdaptiveCard';
  version: '1.5';
  body: Element[];
  actions?: Action[];
  msteams?: { width: 'Full' };
};

/** What notifications say, and the card. */
export type TeamsMessage = { summary: string; card: AdaptiveCard };

export function run(text: string, more: Partial<Run> = {}): Run {
  return { type: 'TextRun', text, ...more };
}

export function bold(text: string): Run {
  return run(text, { weight: 'Bolder' });
}

export function line(...inlines: Run[]): Element {
  return { type: 'RichTextBlock', inlines };
}

export function monospace(lines: readonly string[]): Element {
  return line(run(lines.join('\n'), { fontType: 'Monospace' }));
}

export function execute(title: string, act: ChatAct, style?: 'positive' | 'destructive'): Action {
  return { type: 'Action.Execute', title, verb: 'reign', data: { act }, ...(style ? { style } : {}) };
}

export function card(body: Element[], actions: Action[] = []): AdaptiveCard {
  return {
    type: 'AdaptiveCard',
    version: '1.5',
    body,
    ...(actions.length > 0 ? { actions } : {}),
    msteams: { width: 'Full' },
  };
}

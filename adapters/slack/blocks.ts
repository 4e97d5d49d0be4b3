import type { ChatAct } from '../../src/domain/chat-act.ts';
import { writeAct } from '../../src/domain/chat-act.ts';

// The parts of Block Kit that Reign uses. Limits: docs.slack.dev, "Block Kit"; `limits.ts` holds every message to them.

export type Text = { type: 'mrkdwn' | 'plain_text'; text: string; emoji?: boolean };
export type Button = {
  type: 'button';
  text: Text;
  action_id: string;
  value?: string;
  style?: 'primary' | 'danger';
  url?: string;
  confirm?: object;
};
export type Block =
  | { type: 'section'; text: Text; accessory?: Button }
  | { type: 'header'; text: Text }
  | { type: 'context'; elements: Text[] }
  | { type: 'actions'; elements: Button[] }
  | { type: 'divider' }
  | { type: 'input'; block_id: string; optional: boolean; label: Text; element: object };

export type SlackMessage = { text: string; blocks: Block[] };

/** Units that one text of a section may have. */
export const longestText = 3000;

export function section(text: string): Block {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function context(...texts: string[]): Block {
  return { type: 'context', elements: texts.map((text) => ({ type: 'mrkdwn', text })) };
}

export function button(label: string, act: ChatAct, style?: 'primary' | 'danger'): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: label },
    action_id: `reign:${'verdict' in act ? act.verdict : act.do}${'option' in act ? `:${act.option}` : ''}`,
    value: writeAct(act),
    ...(style ? { style } : {}),
  };
}

export function linkButton(label: string, url: string): Button {
  return { type: 'button', text: { type: 'plain_text', text: label }, action_id: 'reign:link', url };
}

export function actions(...elements: Button[]): Block[] {
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

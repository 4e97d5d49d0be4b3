import type { PlanCard } from '../../src/domain/chat.ts';
import type { ChatAct } from '../../src/domain/chat-act.ts';
import { headline, namesToType, plannedByWords } from '../../src/domain/plan-words.ts';
import { clip } from '../../src/domain/text.ts';
import type { Block } from './blocks.ts';
import { context, longestText, section } from './blocks.ts';
import { code, fence, plain } from './mrkdwn.ts';
import { renderCard } from './render-plan.ts';

/** What a modal brings back: the act, and the message whose button opened it. */
export type ModalState = { act: ChatAct; on: { channel: string; message: string }; names: string[] };

export const modalId = 'reign:modal';
const reasonBlock = 'reason';
const nameBlock = 'name';

const words = {
  reject: { title: 'Reject', label: 'Why? Whoever asked is told.', optional: true },
  'request-changes': { title: 'Request changes', label: 'What should be different?', optional: false },
  'break-glass': {
    title: 'Break glass',
    label: 'Why can this not wait? Everybody is told at once, and others review it.',
    optional: false,
  },
  approve: { title: 'Approve', label: '', optional: true },
} as const;

/** Asks for the reason of a decision and, where something is destroyed, for its name. */
export function decisionModal(
  plan: PlanCard,
  state: Omit<ModalState, 'names'> & { act: ChatAct & { do: 'decide' } },
) {
  const { verdict } = state.act;
  const { title, label, optional } = words[verdict];
  const names = verdict === 'approve' || verdict === 'break-glass' ? namesToType(plan) : [];
  const blocks: Block[] = [
    section(`*${plain(headline(plan), 300)}*`),
    context(`Plan ${plan.id}, revision ${plan.revision}`),
  ];
  if (names.length > 0) {
    blocks.push(
      section(
        `This destroys ${names.map((name) => code(name)).join(', ')}. Type ${names.length > 1 ? 'one of these names' : 'that name'} to go on.`,
      ),
    );
    blocks.push(input(nameBlock, 'Name', false, false));
  }
  if (verdict !== 'approve') blocks.push(input(reasonBlock, label, optional, true));
  const metadata: ModalState = { ...state, names };
  return {
    type: 'modal' as const,
    callback_id: modalId,
    private_metadata: JSON.stringify(metadata).slice(0, 3000),
    title: { type: 'plain_text' as const, text: title },
    submit: { type: 'plain_text' as const, text: title },
    close: { type: 'plain_text' as const, text: 'Back' },
    blocks,
  };
}

/** Everything of a plan, with whole diffs as far as a modal holds them. */
export function detailsModal(plan: PlanCard, planUrl: (id: string) => string) {
  const card = renderCard({ ...plan, state: 'running' }, planUrl).blocks;
  const diffs = plan.steps.flatMap(({ preview, title }) => {
    const lines = preview?.diff ?? [];
    if (lines.length === 0) return [];
    const shown = fence(
      lines.map(({ sign, text }) => `${sign} ${text}`),
      longestText - 200,
    );
    return [section(`*${plain(title, 150)}*\n${shown.text}`.slice(0, longestText))];
  });
  const by = plannedByWords(plan);
  const drafter = by === undefined ? [] : [context(plain(by, 300))];
  return {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: clip(`Plan ${plan.id}`, 24) },
    close: { type: 'plain_text' as const, text: 'Close' },
    blocks: [...card.filter(({ type }) => type !== 'actions'), ...diffs, ...drafter].slice(0, 100),
  };
}

type Submitted = {
  private_metadata: string;
  state: { values: Record<string, Record<string, { value?: string | null }>> };
};

/** What was typed into a modal, or what is wrong with it, by block. */
export function readModal(
  view: Submitted,
): { state: ModalState; act: ChatAct } | { errors: Record<string, string> } {
  const state = JSON.parse(view.private_metadata) as ModalState;
  const typed = (block: string) => view.state.values[block]?.[block]?.value?.trim() ?? '';
  if (state.names.length > 0 && !state.names.includes(typed(nameBlock)))
    return { errors: { [nameBlock]: `Type exactly: ${state.names.join(' or ')}` } };
  const reason = typed(reasonBlock).slice(0, 1000);
  const act = state.act.do === 'decide' && reason !== '' ? { ...state.act, reason } : state.act;
  return { state, act };
}

function input(id: string, label: string, optional: boolean, multiline: boolean): Block {
  const element = { type: 'plain_text_input', action_id: id, multiline, max_length: 1000 };
  return { type: 'input', block_id: id, optional, label: { type: 'plain_text', text: label }, element };
}

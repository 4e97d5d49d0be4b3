import type { PlanCard } from '../../src/domain/chat.ts';
import { headline, placesInWords, stateWords } from '../../src/domain/plan-words.ts';
import type { Home } from '../../src/domain/ports/chat-platform.ts';
import { type Block, context, section } from './blocks.ts';
import { link, plain } from './mrkdwn.ts';

/** The app's Home: what waits for me, what I asked for, what runs. */
export function homeView(home: Home, planUrl: (id: string) => string) {
  const list = (title: string, plans: readonly PlanCard[], none: string): Block[] => [
    { type: 'header', text: { type: 'plain_text', text: title } },
    ...(plans.length === 0 ? [context(none)] : plans.slice(0, 15).map((plan) => line(plan, planUrl))),
    { type: 'divider' },
  ];
  return {
    type: 'home' as const,
    blocks: [
      ...list('Waits for your decision', home.decide, 'Nothing.'),
      ...list('You asked for', home.mine, 'Nothing yet. Write “@reign help” in a channel.'),
      ...list('Runs now', home.running, 'Nothing.'),
    ],
  };
}

/** For somebody whom Reign does not know. */
export function strangerView(words: string) {
  return { type: 'home' as const, blocks: [section(plain(words, 2000))] };
}

function line(plan: PlanCard, planUrl: (id: string) => string): Block {
  return section(
    `*${plain(headline(plan), 300)}*\n${link(planUrl(plan.id), plan.id)} · ${plain(placesInWords(plan), 200)} · ${stateWords(plan)} · asked by ${plain(plan.requester, 100)}`,
  );
}

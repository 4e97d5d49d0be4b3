import { CardFactory, MessageFactory, type TurnContext } from 'botbuilder';
import type { ChatBody } from '../../src/domain/chat.ts';
import { toFault } from '../../src/domain/fault.ts';
import type { TeamsMessage } from './elements.ts';
import { renderPost } from './render.ts';

/** A message as an activity. */
export function toActivity({ summary, card }: TeamsMessage) {
  const activity = MessageFactory.attachment(CardFactory.adaptiveCard(card));
  activity.summary = summary;
  return activity;
}

type Tell = ((error: unknown) => Promise<void>) & { say(body: ChatBody): Promise<void> };

/**
 * Answers whoever wrote. What may go better later is thrown on, so that Teams sends it again. Nothing on the answer can
 * be clicked, since it is no post.
 */
export function tellAlone(context: TurnContext, planUrl: (planId: string) => string): Tell {
  const say = async (body: ChatBody): Promise<void> => {
    const { summary, card } = renderPost({ key: '', body, planUrl }, new Date());
    const open = card.actions?.filter(({ type }) => type === 'Action.OpenUrl') ?? [];
    const { actions: _none, ...rest } = card;
    const plain = open.length > 0 ? { ...rest, actions: open } : rest;
    await context.sendActivity(toActivity({ summary, card: plain }));
  };
  const tell = async (error: unknown): Promise<void> => {
    const fault = toFault(error);
    if (fault.retry === 'later') throw error;
    await say({ kind: 'refusal', text: fault.message });
  };
  return Object.assign(tell, { say });
}

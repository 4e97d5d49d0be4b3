import { ActivityTypes, type TurnContext } from 'botbuilder';
import { type ChatAct, readAct } from '../../src/domain/chat-act.ts';
import { FaultError, toFault } from '../../src/domain/fault.ts';
import { namesToType } from '../../src/domain/plan-words.ts';
import type { Inbox, Standing } from '../../src/domain/ports/chat-platform.ts';
import { senderOf, threadOf } from './inbound.ts';
import type { createPeople } from './people.ts';
import { renderPost } from './render.ts';

export type Around = {
  inbox: Inbox;
  people: ReturnType<typeof createPeople>;
  planUrl: (planId: string) => string;
};

type Execute = {
  action?: { type?: string; verb?: string; data?: { act?: unknown; reason?: unknown; name?: unknown } };
};

/**
 * Answers a click on a card. The outbox changes the card for everybody; who clicked is told at once, and alone, what
 * was refused or asked for.
 */
export async function hearInvoke(context: TurnContext, around: Around): Promise<void> {
  const { activity } = context;
  if (activity.name !== 'adaptiveCard/action') return reply(context, 501, undefined);
  try {
    const shown = await takeClick(context, around);
    await reply(context, 200, shown);
  } catch (error) {
    const { message, code } = toFault(error);
    if (code === 'internal') throw error;
    await reply(context, 200, message);
  }
}

async function takeClick(context: TurnContext, { inbox, people, planUrl }: Around): Promise<string | object> {
  const { activity } = context;
  const from = senderOf(activity);
  const { data } = (activity.value as Execute | undefined)?.action ?? {};
  const act = readAct(JSON.stringify(data?.act ?? null));
  if (!from || !act) throw new FaultError('bad-request', 'This button says nothing that I understand.');
  const standing = await people(context).catch((): Standing => {
    throw new FaultError(
      'unreachable',
      'Teams does not say who you are just now; nothing was decided. Try again.',
    );
  });
  const typed = withReason(act, data?.reason);
  if (typed.do === 'decide' && (typed.verdict === 'approve' || typed.verdict === 'break-glass')) {
    const names = namesToType(await inbox.plan(from, typed.plan));
    if (typed.verdict === 'approve' && names.length > 0 && !names.includes(String(data?.name ?? '').trim()))
      throw new FaultError('bad-request', `Type exactly: ${names.join(' or ')}. Nothing was decided.`);
  }
  const on = { channel: threadOf(activity).channel, message: activity.replyToId ?? '' };
  const answer = await inbox.click({ from, standing, on, act: typed });
  if (answer) return renderPost({ key: '', body: answer.body, planUrl }, new Date()).card;
  return 'Noted.';
}

function withReason(act: ChatAct, reason: unknown): ChatAct {
  const words = typeof reason === 'string' ? reason.trim().slice(0, 1000) : '';
  return act.do === 'decide' && words !== '' ? { ...act, reason: words } : act;
}

/** A card replaces what the clicker sees, words are shown to them in passing. */
async function reply(
  context: TurnContext,
  status: number,
  shown: string | object | undefined,
): Promise<void> {
  const type =
    typeof shown === 'string'
      ? 'application/vnd.microsoft.activity.message'
      : 'application/vnd.microsoft.card.adaptive';
  const body = shown === undefined ? {} : { body: { statusCode: 200, type, value: shown } };
  await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status, ...body } });
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ChatBody } from '../../domain/chat.ts';
import type { ChatAct } from '../../domain/chat-act.ts';
import { FaultError } from '../../domain/fault.ts';
import type { Person } from '../../domain/person.ts';
import type { Click, PrivateReply } from '../../domain/ports/chat-platform.ts';
import { answerQuestion } from '../answer-question.ts';
import { cancelPlan } from '../cancel-plan.ts';
import { decide } from '../decide.ts';
import type { GatewayEngine } from '../engine.ts';
import { reviewPlan } from '../review-plan.ts';
import { undoPlan } from '../undo-plan.ts';
import { hidesOutput } from '../view-step.ts';
import { visiblePlan } from '../visibility.ts';
import { knownPerson } from './identify.ts';
import type { ChatStore } from './ports.ts';

type Chat = { engine: GatewayEngine; chat: ChatStore };
type OnPost = NonNullable<Awaited<ReturnType<ChatStore['postOf']>>>;

/**
 * Carries out a click on something that Reign posted. A button speaks only for what it stands on: one that names
 * another plan is refused and recorded. Throws FaultError with words for the clicker alone.
 */
export async function takeClick({ engine, chat }: Chat, click: Click): Promise<PrivateReply | undefined> {
  const { from, standing, act } = click;
  const person = knownPerson(engine, from, standing);
  const post = await postUnder(chat, click);
  if (!post) throw new FaultError('not-found', 'This button is not on anything that I have posted.');
  if ('plan' in act && act.plan !== post.planId) {
    await engine.store.transaction(async (tx) => {
      const claimed = { act: act.do, plan: act.plan, on: post.planId ?? null };
      tx.audit('access', 'click.refused', person.name, claimed);
    });
    throw new FaultError('refused', 'This button belongs to another plan than the message it is on.');
  }
  return carryOut(engine, person, post, act);
}

/** A click can be here before it is written down that its message was posted, or edited to show this plan. */
async function postUnder(chat: ChatStore, { from, on, act }: Click): Promise<OnPost | undefined> {
  for (let tries = 1; ; tries += 1) {
    const post = await chat.postOf(from.platform, from.team, on);
    const fits = post !== undefined && (!('plan' in act) || post.planId === act.plan);
    if (fits || tries === 4) return post;
    await delay(150);
  }
}

async function carryOut(
  engine: GatewayEngine,
  person: Person,
  post: OnPost,
  act: ChatAct,
): Promise<PrivateReply | undefined> {
  switch (act.do) {
    case 'decide': {
      const { plan: planId, revision, verdict, reason } = act;
      const alone = verdict === 'break-glass';
      const how = alone
        ? { verdict: 'approve' as const, via: 'break-glass' as const }
        : { verdict, via: 'button' as const };
      await decide(engine, { planId, revision, person: person.name, ...how, ...(reason ? { reason } : {}) });
      return undefined;
    }
    case 'review':
      await reviewPlan(engine, { planId: act.plan, person: person.name, verdict: act.verdict });
      return undefined;
    case 'cancel':
      await cancelPlan(engine, act.plan, person.name);
      return undefined;
    case 'undo':
      await undoPlan(engine, act.plan, person.name, 'button');
      return undefined;
    case 'answer':
      await answerQuestion(engine, { questionId: act.question, person: person.name, option: act.option });
      return undefined;
    case 'log':
      return { body: await logOf(engine, person, act.plan) };
    case 'share':
      await share(engine, person, post, act.key);
      return undefined;
    case 'details':
      return undefined;
    default:
      return act satisfies never;
  }
}

/** What each step said, for one person; sensitive output of production stays with who asked for it. */
export async function logOf(engine: GatewayEngine, person: Person, planId: string): Promise<ChatBody> {
  const record = await visiblePlan(engine, planId, person);
  const lines = record.steps.flatMap((step) => {
    const operation = engine.catalogue.find(step.operation);
    const secret = hidesOutput(operation, step, record.plan.requester, person);
    const said = [step.verification?.evidence, step.fault?.message].filter((text) => text !== undefined);
    const printed = step.output === undefined || !operation ? [] : printedLines(operation, step);
    return [
      `${step.key} (${step.state}): ${step.title}`,
      ...said,
      ...(secret ? ['(for the asker alone)'] : printed),
    ];
  });
  return {
    kind: 'answer',
    planId,
    title: `Log of ${planId}`,
    content: { kind: 'lines', lines },
    private: true,
  };
}

function printedLines(
  operation: NonNullable<ReturnType<GatewayEngine['catalogue']['find']>>,
  { output, input }: { output?: unknown; input: unknown },
): string[] {
  const rendered = operation.render(output, input);
  if (rendered.kind === 'text') return rendered.text.split('\n');
  return rendered.kind === 'lines' ? [...rendered.lines] : rendered.rows.map((row) => row.join('  '));
}

/** Shows everybody in the thread what was answered to one person alone. Only that person may. */
async function share(engine: GatewayEngine, person: Person, post: OnPost, key: string): Promise<void> {
  if (post.key !== key || post.onlyFor !== person.name)
    throw new FaultError('not-allowed', 'Only who was answered may share the answer.');
  const entries = await engine.store.queries.entries(post.conversationId);
  const entry = entries.find((each) => each.key === key);
  if (!entry) throw new FaultError('not-found', 'This answer is no longer there.');
  await engine.store.transaction(async (tx) => {
    const { conversationId, kind, body, planId } = entry;
    const about = planId === undefined ? {} : { planId };
    tx.entry({ conversationId, key: `shared-${key}`, kind, body, ...about });
    tx.audit('messages', 'answer.shared', person.name, { conversation: conversationId, key });
  });
}

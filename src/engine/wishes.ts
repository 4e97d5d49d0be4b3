import type { ReignWish } from '../domain/draft.ts';
import { toFault } from '../domain/fault.ts';
import type { Rendered } from '../domain/operation.ts';
import type { Person } from '../domain/person.ts';
import { type Plan, planEnded } from '../domain/plan.ts';
import { peopleOf } from './acts.ts';
import { cancelPlan } from './cancel-plan.ts';
import type { GatewayEngine } from './engine.ts';
import { type AnswerOptions, replyKey, showAnswer } from './entries.ts';
import { helpFor } from './help.ts';
import type { Message } from './ports.ts';
import { undoPlan } from './undo-plan.ts';
import { namedPlan, visiblePlans, visibleTrail } from './visibility.ts';

type Reply = { kind: 'content'; content: Rendered; shows?: Shown } | { kind: 'card'; planId: string };

type Shown = NonNullable<AnswerOptions['shows']>;

/** Carries out what a message asks of Reign itself. A sentence never decides: "approve it" shows the card again. */
export async function fulfilWish(engine: GatewayEngine, message: Message, wish: ReignWish): Promise<void> {
  const reply = await replyTo(engine, message, wish).catch(
    (error: unknown): Reply => text(toFault(error).message),
  );
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockMessage(message.id);
    if (current?.state !== 'received') return;
    const { conversationId } = message;
    const key = replyKey(message.id);
    if (reply.kind === 'card') {
      tx.entry({ conversationId, key, kind: 'plan', planId: reply.planId, body: {} });
    } else {
      const { shows } = reply;
      showAnswer(tx, conversationId, key, reply.content, shows ? { shows } : {});
    }
    tx.audit('messages', 'message.answered', 'reign', { message: message.id, wish: wish.wish });
    await tx.updateMessage(message.id, { state: 'done', outcome: wish.wish });
  });
}

async function replyTo(engine: GatewayEngine, message: Message, wish: ReignWish): Promise<Reply> {
  switch (wish.wish) {
    case 'help':
      return text(helpFor(engine, engine.people.find(message.person)));
    case 'status':
      return wish.plan === undefined ? overview(engine, message) : card(engine, message, wish.plan);
    case 'approve':
    case 'reject':
      return card(engine, message, wish.plan, (plan) => plan.state === 'waiting-for-approval');
    case 'cancel': {
      const plan = await planMeant(engine, message, wish.plan, ({ state }) => !planEnded(state));
      if (!plan) return text('There is no plan in this thread that could be cancelled.');
      await cancelPlan(engine, plan.id, message.person);
      return { kind: 'card', planId: plan.id };
    }
    case 'undo': {
      const plan = await planMeant(engine, message, wish.plan, ({ state }) => planEnded(state));
      if (!plan) return text('There is no finished plan in this thread that could be undone.');
      const undo = await undoPlan(engine, plan.id, message.person, 'words');
      return { kind: 'card', planId: undo.planId };
    }
    case 'audit':
      return trail(engine, message, wish);
    default:
      return wish satisfies never;
  }
}

function text(words: string): Reply & { kind: 'content' } {
  return { kind: 'content', content: { kind: 'text', text: words } };
}

async function card(
  engine: GatewayEngine,
  message: Message,
  id: string | undefined,
  fits: (plan: Plan) => boolean = () => true,
): Promise<Reply> {
  const plan = await planMeant(engine, message, id, fits);
  if (plan) return { kind: 'card', planId: plan.id };
  return text(id === undefined ? 'No plan in this thread waits for a decision.' : `There is no plan ${id}.`);
}

async function planMeant(
  engine: GatewayEngine,
  message: Message,
  id: string | undefined,
  fits: (plan: Plan) => boolean,
): Promise<Plan | undefined> {
  if (id !== undefined) {
    const asker = engine.people.find(message.person);
    return asker && (await namedPlan(engine, id, asker))?.plan;
  }
  const plans = await engine.store.queries.plans({ conversationId: message.conversationId, limit: 20 });
  return plans.filter(({ undoOf }) => undoOf === undefined).find(fits) ?? plans.find(fits);
}

async function overview(engine: GatewayEngine, message: Message): Promise<Reply> {
  const asker = engine.people.find(message.person);
  const records = asker ? await visiblePlans(engine, asker, { limit: 20, open: true }) : [];
  const freezes = await engine.store.queries.freezes();
  const lines = records.map(
    ({ plan: { id, state, goal, requester } }) =>
      `${id}  ${state.replaceAll('-', ' ')}  ${goal} (${requester})`,
  );
  const frozen = freezes.map(({ scope, reason }) => `${scope} is frozen: ${reason}`);
  const said = [...(lines.length > 0 ? lines : ['Nothing is under way.']), ...frozen].join('\n');
  const plans = records.map(({ plan }) => plan.id);
  return { ...text(said), shows: { plans } };
}

async function trail(
  engine: GatewayEngine,
  message: Message,
  wish: ReignWish & { wish: 'audit' },
): Promise<Reply> {
  const [asker] = peopleOf(engine, [message.person]);
  const since = wish.since === undefined ? undefined : sinceWhen(wish.since, engine.clock.now());
  const events = await visibleTrail(engine, asker as Person, {
    limit: 50,
    ...(wish.plan === undefined ? {} : { planId: wish.plan }),
    ...(wish.user === undefined ? {} : { actor: wish.user }),
    ...(since === undefined ? {} : { since }),
  });
  const content: Rendered = {
    kind: 'table',
    columns: ['when', 'who', 'what', 'where'],
    rows: events.map(({ at, actor, type, chain }) => [at, actor, type, chain]),
    note: 'Newest first. `reign audit verify` checks the chains.',
  };
  const chains = [...new Set(events.map(({ chain }) => chain))];
  const plans = chains.filter((chain) => chain.startsWith('plan:')).map((chain) => chain.slice(5));
  return { kind: 'content', content, shows: { plans, everything: plans.length < chains.length } };
}

/** `24h`, `20 minutes`, `yesterday`; what cannot be read means a day. */
function sinceWhen(words: string, now: Date): Date {
  const hour = 3_600_000;
  const units: Record<string, number> = { s: 1000, m: 60_000, h: hour, d: 24 * hour, w: 7 * 24 * hour };
  const [, count = '1', unit = 'd'] = /(\d+)\s*([smhdw])/i.exec(words) ?? [];
  return new Date(now.getTime() - Number(count) * (units[unit.toLowerCase()] ?? 24 * hour));
}

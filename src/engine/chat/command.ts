import type { ChatBody } from '../../domain/chat.ts';
import { parseDuration } from '../../domain/duration.ts';
import { FaultError } from '../../domain/fault.ts';
import type { Person } from '../../domain/person.ts';
import type { Command, PrivateReply } from '../../domain/ports/chat-platform.ts';
import { cancelPlan } from '../cancel-plan.ts';
import { planCard } from '../card.ts';
import { decide } from '../decide.ts';
import type { GatewayEngine } from '../engine.ts';
import { freeze, unfreeze } from '../freeze-environment.ts';
import { helpFor } from '../help.ts';
import type { PlanRecord } from '../ports.ts';
import { reviewPlan } from '../review-plan.ts';
import { undoPlan } from '../undo-plan.ts';
import { namedPlan, visiblePlans, visibleTrail } from '../visibility.ts';
import { knownPerson, personBehind } from './identify.ts';

/** Carries out `/reign …`, or the same words as a message command. Throws FaultError with words for the person alone. */
export async function takeCommand(engine: GatewayEngine, command: Command): Promise<PrivateReply> {
  const [word = 'help', ...rest] = command.text.trim().split(/\s+/);
  const name = word.toLowerCase() || 'help';
  if (name === 'help') return text(helpFor(engine, personBehind(engine, command.from)));
  const person = knownPerson(engine, command.from, command.standing);
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler) return handler(engine, person, rest);
  const known = Object.keys(handlers).join(', ');
  throw new FaultError('bad-request', `There is no "/reign ${name}". There are: ${known}, help.`);
}

type Handler = (engine: GatewayEngine, person: Person, words: string[]) => Promise<PrivateReply>;

const handlers: Record<string, Handler> = {
  status: (engine, person) => list(engine, person, true),
  plans: (engine, person) => list(engine, person, false),
  show: async (engine, person, [id]) => {
    const record = await find(engine, person, id);
    return { body: { kind: 'plan', plan: planCard(engine, record) } };
  },
  approve: (engine, person, [id, ...reason]) => verdict(engine, person, 'approve', id, reason),
  reject: (engine, person, [id, ...reason]) => verdict(engine, person, 'reject', id, reason),
  changes: (engine, person, [id, ...reason]) => verdict(engine, person, 'request-changes', id, reason),
  'break-glass': async (engine, person, [id, ...reason]) => {
    const { plan } = await find(engine, person, id);
    const { id: planId, revision } = plan;
    const why = { reason: reason.join(' ') };
    await decide(engine, {
      planId,
      revision,
      person: person.name,
      verdict: 'approve',
      via: 'break-glass',
      ...why,
    });
    return text(`${planId} runs, on your word alone. Others review it within a day.`);
  },
  review: async (engine, person, [id, word, ...reason]) => {
    if (word !== 'approve' && word !== 'reject')
      throw new FaultError('bad-request', 'Write: review ID approve, or review ID reject with a reason.');
    const { plan } = await find(engine, person, id);
    const why = reason.length > 0 ? { reason: reason.join(' ') } : {};
    const { state } = await reviewPlan(engine, {
      planId: plan.id,
      person: person.name,
      verdict: word,
      ...why,
    });
    return text(`Noted. The review of ${plan.id} is ${state}.`);
  },
  cancel: async (engine, person, [id]) => {
    const { plan } = await find(engine, person, id);
    const { state } = await cancelPlan(engine, plan.id, person.name);
    return text(
      state === 'running' ? `${plan.id} stops when what runs has finished.` : `${plan.id} is cancelled.`,
    );
  },
  undo: async (engine, person, [id]) => {
    const { plan } = await find(engine, person, id);
    const undo = await undoPlan(engine, plan.id, person.name, 'command');
    return text(`${undo.planId} puts ${plan.id} back; its card is in the thread.`);
  },
  audit: async (engine, person, [id]) => {
    const filter = id === undefined ? {} : { planId: (await find(engine, person, id)).plan.id };
    const events = await visibleTrail(engine, person, { limit: 30, ...filter });
    const rows = events.map(({ at, actor, type, chain }) => [
      at.slice(0, 19).replace('T', ' '),
      actor,
      type,
      chain,
    ]);
    return answer({ kind: 'table', columns: ['when', 'who', 'what', 'where'], rows });
  },
  freeze: async (engine, person, [scope = '', ...words]) => {
    const [first = ''] = words;
    const seconds = /^\d/.test(first) ? parseDuration(first) : undefined;
    const timed = seconds !== undefined;
    const until = timed ? { until: new Date(engine.clock.now().getTime() + seconds * 1000) } : {};
    const reason = words.slice(timed ? 1 : 0).join(' ');
    const made = await freeze(engine, { scope, reason, person: person.name, ...until });
    return text(`${made.scope} is frozen${timed ? ` for ${first}` : ''}: ${made.reason}.`);
  },
  unfreeze: async (engine, person, [scope = '']) => {
    const [ended] = await unfreeze(engine, scope, person.name);
    return text(`${ended?.scope ?? scope} is no longer frozen.`);
  },
};

async function verdict(
  engine: GatewayEngine,
  person: Person,
  verdict: 'approve' | 'reject' | 'request-changes',
  id: string | undefined,
  reason: string[],
): Promise<PrivateReply> {
  const { plan } = await find(engine, person, id);
  const { id: planId, revision } = plan;
  const why = reason.length > 0 ? { reason: reason.join(' ') } : {};
  const { state } = await decide(engine, {
    planId,
    revision,
    person: person.name,
    verdict,
    via: 'command',
    ...why,
  });
  return text(`Noted: ${planId} is ${state.replaceAll('-', ' ')}.`);
}

async function find(engine: GatewayEngine, person: Person, id: string | undefined): Promise<PlanRecord> {
  if (id === undefined) throw new FaultError('bad-request', 'Say which plan, as in p-abc2345.');
  const record = await namedPlan(engine, id, person);
  if (record) return record;
  throw new FaultError('not-found', `There is no plan ${id}.`);
}

async function list(engine: GatewayEngine, person: Person, open: boolean): Promise<PrivateReply> {
  const records = await visiblePlans(engine, person, { limit: 20, open });
  const rows = records.map(({ plan }) => [
    plan.id,
    plan.state.replaceAll('-', ' '),
    plan.goal,
    plan.requester,
  ]);
  const frozen = (await engine.store.queries.freezes()).map(
    ({ scope, reason }) => `${scope} is frozen: ${reason}`,
  );
  if (rows.length === 0)
    return text([open ? 'Nothing is under way.' : 'There are no plans.', ...frozen].join('\n'));
  const note = frozen.length > 0 ? { note: frozen.join('\n') } : {};
  return answer({ kind: 'table', columns: ['plan', 'state', 'goal', 'by'], rows, ...note });
}

function text(words: string): PrivateReply {
  return answer({ kind: 'text', text: words });
}

function answer(content: (ChatBody & { kind: 'answer' })['content']): PrivateReply {
  return { body: { kind: 'answer', content, private: true } };
}

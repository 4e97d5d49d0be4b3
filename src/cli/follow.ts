import { renderBody, renderProgress } from '../../adapters/terminal/index.ts';
import type { ChatEntry, PlanCard } from '../domain/chat.ts';
import { FaultError } from '../domain/fault.ts';
import { planEnded } from '../domain/plan.ts';
import type { Client } from './client.ts';
import { exit, type Output } from './output.ts';
import { replyTo } from './reply-to.ts';

const pollMs = 150;
/** How long Reign may be away (a restart) while we follow, in milliseconds. */
const patienceMs = 60_000;

export type FollowOptions = { approve: boolean; wait: boolean };

/** Follows a message to its end, or to where somebody else is needed. @returns the exit code. */
export async function followMessage(
  client: Client,
  output: Output,
  sent: { message: string; conversation: string },
  options: FollowOptions,
): Promise<number> {
  for (;;) {
    const entries = await patiently(() => client.entries(sent.conversation));
    const reply = replyTo(entries, sent.message);
    const code = reply && (await settleReply(client, output, reply, entries, options));
    if (code !== undefined) return code;
    await pause();
  }
}

async function settleReply(
  client: Client,
  output: Output,
  { body }: ChatEntry,
  entries: readonly ChatEntry[],
  options: FollowOptions,
): Promise<number | undefined> {
  switch (body.kind) {
    case 'answer': {
      const others = entries.filter(
        (entry) => entry.body.kind === 'answer' && entry.body.planId === body.planId,
      );
      for (const { body: answer } of body.planId === undefined ? [{ body }] : others) {
        if (answer.kind !== 'answer') continue;
        output.event({ type: 'answer', ...answer, kind: undefined });
        output.say(renderBody(answer));
      }
      const state = body.planId === undefined ? 'answered' : (await client.plan(body.planId)).state;
      output.event({ type: 'final', state, ...(body.planId === undefined ? {} : { plan: body.planId }) });
      return state === 'answered' || state === 'succeeded' ? exit.done : exit.failed;
    }
    case 'question':
      output.event({ type: 'question', id: body.questionId, text: body.text, options: body.options });
      output.say(renderBody(body));
      return exit.waits;
    case 'refusal':
      output.event({ type: 'final', state: 'refused', text: body.text, plan: body.planId });
      output.say(renderBody(body));
      return exit.failed;
    case 'plan':
      return followPlan(client, output, body.plan.id, options);
    default:
      return undefined;
  }
}

/** Follows a plan; with `approve`, gives the asker's own decision where policy lets them. @returns the exit code. */
export async function followPlan(
  client: Client,
  output: Output,
  planId: string,
  { approve, wait }: FollowOptions,
): Promise<number> {
  const seen = new Seen(output);
  let decided = 0;
  let refused = false;
  for (;;) {
    const plan = await patiently(() => client.plan(planId));
    seen.show(plan);
    if (planEnded(plan.state)) {
      const text = plan.outcome ?? '';
      output.event({ type: 'final', plan: plan.id, state: plan.state, text });
      output.say(
        renderBody({
          kind: 'final',
          plan,
          text,
          canUndo: plan.state === 'succeeded' && plan.undoOf === undefined,
        }),
      );
      return plan.state === 'succeeded' ? exit.done : exit.failed;
    }
    const waits = plan.state === 'waiting-for-approval';
    if (waits && approve && decided < plan.revision) {
      decided = plan.revision;
      refused = !(await approveOwn(client, output, plan));
      continue;
    }
    const others = waits && (!approve || refused || plan.decisions.length > 0);
    if (others && !wait && !grantsItself(plan)) return exit.waits;
    await pause();
  }
}

/** The requester's undo is granted by the gateway in a moment, without a decision of theirs. */
function grantsItself({ undoOf, createdAt }: PlanCard): boolean {
  return undoOf !== undefined && Date.now() - Date.parse(createdAt) < 5_000;
}

async function approveOwn(client: Client, output: Output, { id, revision }: PlanCard): Promise<boolean> {
  try {
    const { state } = await client.decide(id, { revision, verdict: 'approve' });
    output.event({ type: 'approval', plan: id, revision, accepted: true, state });
    return true;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    output.event({ type: 'approval', plan: id, revision, accepted: false, reason: error.message });
    output.say(error.message);
    return false;
  }
}

/** Says each thing once: a card for each revision, a line for each move of a step and each decision. */
class Seen {
  readonly #output: Output;
  readonly #said = new Set<string>();
  constructor(output: Output) {
    this.#output = output;
  }

  show(plan: PlanCard): void {
    if (plan.state === 'drafted' || plan.state === 'previewed') return;
    this.#once(`plan ${plan.revision}`, () => {
      const { id, revision, digest, state, goal, steps, approval, environments, onFailure, waitingFor } =
        plan;
      this.#output.event({
        type: 'plan',
        id,
        revision,
        digest,
        state,
        goal,
        steps,
        approval,
        environments,
        onFailure,
        waitingFor,
      });
      this.#output.say(renderBody({ kind: 'plan', plan }));
    });
    for (const { person, verdict, at, via } of plan.decisions) {
      this.#once(`decision ${plan.revision} ${person} ${at}`, () => {
        this.#output.event({
          type: 'approval',
          plan: plan.id,
          revision: plan.revision,
          person,
          verdict,
          via,
          at,
        });
        this.#output.say(`  ${person}: ${verdict}`);
      });
    }
    for (const step of plan.steps) {
      if (step.state === 'planned') continue;
      this.#once(`step ${plan.revision} ${step.key} ${step.state} ${step.evidence ?? ''}`, () => {
        const { key, operation, title, state, evidence, fault } = step;
        this.#output.event({ type: 'step', plan: plan.id, key, operation, title, state, evidence, fault });
        this.#output.say(renderProgress(step));
      });
    }
  }

  #once(what: string, say: () => void): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    say();
  }
}

/** Rides out a restart of Reign: what was accepted is not lost. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const away = error instanceof FaultError && error.fault.code === 'unreachable';
      if (!away || Date.now() > end) throw error;
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pollMs);
  });
}

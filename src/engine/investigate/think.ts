import { type Fault, toFault } from '../../domain/fault.ts';
import { addSpent, type Investigation, overBudget } from '../../domain/investigation.ts';
import type { Turn } from '../../domain/ports/thinker.ts';
import type { GatewayEngine, LlmParts } from '../engine.ts';
import { storable } from '../storable.ts';
import { endInWords, settleThought } from './settle-thought.ts';

/** For how long a turn is this gateway's, renewed while it lasts, and how long one may take; in milliseconds. */
const leaseMs = 30_000;
const longestTurnMs = 180_000;
/** How often a provider may fail before a person is told. */
const mostFailures = 3;

/**
 * Takes the next turn of an investigation: what was looked at is told to the model, and what it says is settled in one
 * transaction. A turn that is lost with its process is taken again; nothing of it has happened.
 */
export async function think(engine: GatewayEngine, id: string): Promise<void> {
  const span = { name: 'think', trace: id, attributes: { 'reign.message.id': id } };
  await engine.telemetry.span(span, () => takeTurn(engine, id));
}

async function takeTurn(engine: GatewayEngine, id: string): Promise<void> {
  const { llm } = engine;
  const held = await take(engine, id);
  if (!held) return;
  if (!llm)
    return endInWords(engine, held, 'The language model was switched off in the meantime. Ask again.');
  if (tooLate(held, llm, engine.clock.now())) {
    return endInWords(
      engine,
      held,
      'I have used up my budget without coming to an end. Ask for a part of it.',
    );
  }
  const stopping = new AbortController();
  const watch = await keep(engine, held, stopping);
  try {
    // What a model says may hold what cannot be stored.
    const turn = storable(await oneTurn(held, llm, engine, stopping.signal));
    held.spent = addSpent(held.spent, turn.spent);
    await watch.stop();
    await settleThought(engine, held, turn);
  } catch (error) {
    await watch.stop();
    const problem = toFault(error);
    // Somebody else has taken it over.
    if (problem.code !== 'stale') await fail(engine, held, problem);
  }
}

async function oneTurn(
  held: Investigation,
  { thinker, budget }: LlmParts,
  { clock }: GatewayEngine,
  stopping: AbortSignal,
): Promise<Turn> {
  const told = held.looks.flatMap(({ id, operation, result }) =>
    result
      ? [{ id, ok: result.ok, text: result.text, ...(operation === '' ? {} : { data: true as const }) }]
      : [],
  );
  const transcript = told.length > 0 ? thinker.tell(held.transcript, told) : held.transcript;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(longestTurnMs)]);
  const end = overBudget(held, budget, clock.now());
  return thinker.think(transcript, { signal, ...(end === undefined ? {} : { end }) });
}

/** Once the budget is used up there is one more turn to end in; a model that does not is ended. */
function tooLate({ spent, startedAt }: Investigation, { budget }: LlmParts, now: Date): boolean {
  const half = {
    looks: budget.looks * 1.5 + 1,
    tokens: budget.tokens * 1.5,
    seconds: budget.seconds * 2,
    usd: budget.usd * 1.5,
  };
  return overBudget({ spent, startedAt }, half, now) !== undefined;
}

async function take(engine: GatewayEngine, id: string): Promise<Investigation | undefined> {
  return engine.store.transaction(async (tx) => {
    const message = await tx.lockMessage(id);
    const found = await tx.lockInvestigation(id);
    if (found?.state !== 'thinking') return undefined;
    if (found.leaseUntil && found.leaseUntil > tx.now) return undefined;
    if (message?.state !== 'investigating') {
      await tx.updateInvestigation(found, { state: 'ended' });
      return undefined;
    }
    const leaseUntil = new Date(tx.now.getTime() + leaseMs);
    await tx.updateInvestigation(found, { leaseUntil });
    return { ...found, version: found.version + 1, leaseUntil };
  });
}

/** Renews the lease; a turn whose lease is somebody else's is stopped. `held` follows. */
async function keep(engine: GatewayEngine, held: Investigation, stopping: AbortController) {
  let renewing: Promise<void> = Promise.resolve();
  const renew = () => {
    renewing = engine.store
      .transaction(async (tx) => {
        await tx.updateInvestigation(held, { leaseUntil: new Date(tx.now.getTime() + leaseMs) });
        held.version += 1;
      })
      .catch((error: unknown) => {
        if (toFault(error).code === 'stale') stopping.abort();
      });
  };
  const timer = setInterval(renew, leaseMs / 3);
  return {
    async stop() {
      clearInterval(timer);
      await renewing;
    },
  };
}

/** What may go better later is tried again by the sweep; everything else, and the last try, is told. */
async function fail(
  engine: GatewayEngine,
  held: Investigation,
  { code, message, retry }: Fault,
): Promise<void> {
  const failures = held.failures + 1;
  // An error of the database quotes what was to be written: that is for nobody.
  const words =
    code === 'internal' ? 'Something went wrong in Reign while it worked on this; ask again.' : message;
  const error = message.slice(0, 200);
  engine.logger.warn({ message: held.id, failures, error }, 'a turn of the language model failed');
  if (retry !== 'later' || failures >= mostFailures) return endInWords(engine, held, words);
  const { spent } = held;
  await engine.store
    .transaction((tx) => tx.updateInvestigation(held, { failures, spent, leaseUntil: null }))
    .catch(() => undefined);
}

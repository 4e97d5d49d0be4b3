import { toFault } from '../../domain/fault.ts';
import type { Investigation, Look, LookResult } from '../../domain/investigation.ts';
import type { Json } from '../../domain/json.ts';
import type { AnyOperation, Rendered } from '../../domain/operation.ts';
import type { StepSession } from '../../domain/ports/sandbox.ts';
import { isSpoken } from '../../domain/provenance.ts';
import { tableLines } from '../../domain/text.ts';
import { actFrom, peopleOf } from '../acts.ts';
import type { WorkerEngine } from '../engine.ts';
import { resolveRequest } from '../resolve-request.ts';
import { look } from '../step-calls.ts';
import { storable } from '../storable.ts';

/** Characters of one result; of what is longer, the end is what is newest. */
const longestResult = 20_000;
const leaseMs = 60_000;

/**
 * Makes the looks of an investigation's turn, side by side, in the sandbox, with no more than all its authors may read.
 * Reads may be made again: a look that was lost with its worker is.
 */
export async function lookAround(engine: WorkerEngine, id: string): Promise<void> {
  const span = { name: 'look around', trace: id, attributes: { 'reign.message.id': id } };
  await engine.telemetry.span(span, () => makeLooks(engine, id));
}

async function makeLooks(engine: WorkerEngine, id: string): Promise<void> {
  const held = await take(engine, id);
  if (!held) return;
  const looks = await lookAtAll(engine, held).catch((error: unknown) => {
    engine.logger.warn({ message: id, error: toFault(error).message.slice(0, 500) }, 'looks failed');
    const result: LookResult = { ok: false, text: 'This could not be looked at just now.' };
    return held.looks.map((each) => ({ ...each, result: each.result ?? result }));
  });
  await engine.store.transaction(async (tx) => {
    const message = await tx.lockMessage(id);
    const current = await tx.lockInvestigation(id);
    if (current?.version !== held.version) return;
    const made = looks
      .filter(({ operation }) => operation !== '')
      .map(({ operation, request, result }) => ({
        operation,
        request,
        ok: result?.ok === true,
        ...(result?.private ? { private: true as const } : {}),
        ...(result?.act ? { act: result.act } : {}),
      }));
    const state = message?.state === 'investigating' ? 'thinking' : 'ended';
    const looked = [...current.looked, ...made];
    await tx.updateInvestigation(current, { state, looks, looked, leaseUntil: null });
    if (state === 'thinking') tx.afterCommit(() => engine.queue.think(id, current.version + 1));
  });
}

/** Nobody else makes the same looks as long as the lease lasts, which is longer than they may take. */
async function take(engine: WorkerEngine, id: string): Promise<Investigation | undefined> {
  return engine.store.transaction(async (tx) => {
    const found = await tx.lockInvestigation(id);
    if (found?.state !== 'looking' || (found.leaseUntil && found.leaseUntil > tx.now)) return undefined;
    const leaseUntil = new Date(tx.now.getTime() + leaseMs);
    await tx.updateInvestigation(found, { leaseUntil });
    return { ...found, version: found.version + 1, leaseUntil };
  });
}

async function lookAtAll(engine: WorkerEngine, held: Investigation): Promise<Look[]> {
  await engine.people.renew();
  const session = await engine.sandbox.open({ planId: `look-${held.id}`, profile: 'tool' });
  try {
    const looks = await Promise.all(held.looks.map((each) => lookOnce(engine, session, held, each)));
    return storable(looks);
  } finally {
    await session.close();
  }
}

async function lookOnce(
  engine: WorkerEngine,
  session: StepSession,
  investigation: Investigation,
  each: Look,
): Promise<Look> {
  if (each.result) return each;
  const result = await resultOf(engine, session, investigation, each).catch((error: unknown): LookResult => {
    return { ok: false, text: toFault(error).message };
  });
  // Masked before it is cut: half of a secret is not recognised as one.
  const environment = (result.act as { environment?: string } | undefined)?.environment ?? '*';
  const masked = await engine.conceal(result, { messageId: investigation.id, environment });
  const { text } = masked;
  return {
    ...each,
    result: {
      ...masked,
      text: text.length > longestResult ? `… (cut)\n${text.slice(-longestResult)}` : text,
    },
  };
}

async function resultOf(
  engine: WorkerEngine,
  session: StepSession,
  { authors, words }: Investigation,
  { operation: id, request }: Look,
): Promise<LookResult> {
  const operation = engine.catalogue.find(id);
  if (operation?.effect !== 'read') return { ok: false, text: `${id} is no read operation.` };
  const outbound = outboundRefusal(engine, operation, request, words);
  if (outbound) return { ok: false, text: outbound };
  const resolved = await resolveRequest(engine, session, operation, request, authors);
  if (resolved.kind === 'impossible') return { ok: false, text: resolved.reason };
  if (resolved.kind === 'question') {
    const { text, options } = resolved.question;
    const choices = options.map(({ label, patch }) => `${label} ${JSON.stringify(patch)}`);
    return { ok: false, text: [text, ...choices].join('\n') };
  }
  const act = actFrom(operation, operation.assess(resolved.input), engine.environments);
  const outcome = engine.policy.judge(act, peopleOf(engine, authors));
  if (act.effect !== 'read' || outcome.kind !== 'allow')
    return { ok: false, text: outcome.kind === 'allow' ? `${id} would change something.` : outcome.reason };
  const environments = act.environment === undefined ? [] : [act.environment];
  const args = { input: resolved.input, approved: null, idempotencyKey: 'look' };
  const output = await look(engine, session, { operation, phase: 'execute', args, authors, environments });
  const text = textOf(operation.render(output, resolved.input));
  const hidden = operation.sensitive === true && act.tier === 'production';
  return {
    ok: true,
    text: `${JSON.stringify(resolved.input)}\n${text}`,
    act: act as unknown as Json,
    ...(hidden ? { private: true } : {}),
  };
}

/** What a model sends somewhere could carry data out: only to places that an author named, or that are allowed. */
function outboundRefusal(
  engine: WorkerEngine,
  { id, outbound = [] }: AnyOperation,
  request: { [field: string]: Json },
  words: readonly string[],
): string | undefined {
  for (const field of outbound) {
    const value = request[field];
    if (typeof value !== 'string') continue;
    if (isSpoken(words, value)) continue;
    const host = URL.canParse(value) ? new URL(value).hostname : value;
    const query = URL.canParse(value) && (new URL(value).search !== '' || new URL(value).hash !== '');
    if (engine.modelHosts.includes(host) && !query) continue;
    return `${id} would reach ${host}, which nobody named: only addresses in the person's own words, or hosts of llm.hosts in reign.yaml without a query, are reached.`;
  }
  return undefined;
}

function textOf(rendered: Rendered): string {
  switch (rendered.kind) {
    case 'text':
      return rendered.text;
    case 'lines':
      return [...rendered.lines, ...(rendered.note ? [rendered.note] : [])].join('\n');
    case 'table':
      return [...tableLines(rendered.columns, rendered.rows), ...(rendered.note ? [rendered.note] : [])].join(
        '\n',
      );
    default:
      return rendered satisfies never;
  }
}

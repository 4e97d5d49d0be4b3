import { toFault } from '../../domain/fault.ts';
import type { Investigation, Look, LookResult } from '../../domain/investigation.ts';
import type { Json } from '../../domain/json.ts';
import type { AnyOperation, Rendered } from '../../domain/operation.ts';
import type { StepSession } from '../../domain/ports/sandbox.ts';
import { tableLines } from '../../domain/text.ts';
import { actFrom, peopleOf } from '../acts.ts';
import type { WorkerEngine } from '../engine.ts';
import { resolveRequest } from '../resolve-request.ts';
import { look } from '../step-calls.ts';

/** Characters of one result; of what is longer, the end is what is newest. */
const longestResult = 20_000;

/**
 * Makes the looks of an investigation's turn, side by side, in the sandbox, with no more than all its authors may read.
 * Reads may be made again: a look that was lost with its worker is.
 */
export async function lookAround(engine: WorkerEngine, id: string): Promise<void> {
  const found = await engine.store.queries.investigation(id);
  if (found?.state !== 'looking') return;
  await engine.people.renew();
  const session = await engine.sandbox.open({ planId: `look-${id}`, profile: 'tool' });
  let looks: Look[];
  try {
    looks = await Promise.all(found.looks.map((each) => lookOnce(engine, session, found, each)));
  } finally {
    await session.close();
  }
  await engine.store.transaction(async (tx) => {
    const current = await tx.lockInvestigation(id);
    if (current?.version !== found.version) return;
    const made = looks
      .filter(({ operation }) => operation !== '')
      .map(({ operation, request, result }) => ({
        operation,
        request,
        ok: result?.ok === true,
        ...(result?.private ? { private: true as const } : {}),
      }));
    await tx.updateInvestigation(current, { state: 'thinking', looks, looked: [...current.looked, ...made] });
    tx.afterCommit(() => engine.queue.think(id, current.version + 1));
  });
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
  return { ...each, result: await engine.redact(result) };
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
  const output = await look(engine, session, { operation, phase: 'execute', args, environments });
  const text = textOf(operation.render(output, resolved.input));
  const shown = text.length > longestResult ? `… (cut)\n${text.slice(-longestResult)}` : text;
  const hidden = operation.sensitive === true && act.tier === 'production';
  return {
    ok: true,
    text: `${JSON.stringify(resolved.input)}\n${shown}`,
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
    if (words.some((text) => text.includes(value))) continue;
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

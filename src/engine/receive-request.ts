import { z } from 'zod';
import type { Draft } from '../domain/draft.ts';
import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import { fillRunbook, type Runbook } from '../domain/runbook.ts';
import type { GatewayEngine } from './engine.ts';
import { type Received, receiveMessage } from './receive.ts';

type Fields = { [field: string]: Json };

/** A request that needs no planner: an operation or a runbook with what it should be told. */
export type TypedRequest = { person: string; dedupeKey: string } & (
  | { operation: string; request: Fields }
  | { runbook: Runbook; parameters: Fields }
);

/**
 * Takes a request for exactly one operation or runbook, as if its person had said it in a thread of its own: what
 * becomes of it is admitted, previewed, judged and approved like any other.
 * Throws FaultError `not-found` or `bad-request` with what is wrong.
 */
export async function receiveRequest(engine: GatewayEngine, wanted: TypedRequest): Promise<Received> {
  const { person, dedupeKey } = wanted;
  const [name, fields] =
    'operation' in wanted
      ? [wanted.operation, wanted.request]
      : [`Runbook ${wanted.runbook.name}`, wanted.parameters];
  const text = inWords(name, fields);
  const draft = 'operation' in wanted ? operationDraft(engine, wanted, text) : runbookDraft(wanted);
  const [step] = draft.steps;
  const context = 'operation' in wanted && step ? { operation: step.operation, request: step.request } : {};
  return receiveMessage(engine, { person, dedupeKey, text, draft: { draft, context } });
}

function operationDraft(
  { catalogue }: GatewayEngine,
  { operation: id, request }: { operation: string; request: Fields },
  goal: string,
): Draft {
  const operation = catalogue.find(id);
  if (!operation) throw new FaultError('not-found', `There is no operation ${id}.`);
  const parsed = operation.request.safeParse(request);
  if (!parsed.success) throw new FaultError('bad-request', `${id}: ${z.prettifyError(parsed.error)}`);
  return { goal, steps: [{ key: 'a', operation: id, request, needs: [] }] };
}

function runbookDraft({ runbook, parameters }: { runbook: Runbook; parameters: Fields }): Draft {
  const filled = fillRunbook(runbook, parameters);
  if (filled.kind === 'problems') {
    throw new FaultError('bad-request', `The runbook ${runbook.name}: ${filled.problems.join('; ')}.`);
  }
  return filled.draft;
}

/** E.g. `kubernetes.scale name: checkout, replicas: 6`. */
function inWords(name: string, fields: Fields): string {
  const said = Object.entries(fields).map(([field, value]) => {
    return `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return [name, said.join(', ')].filter(Boolean).join(' ');
}

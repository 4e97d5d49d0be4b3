import type { z } from 'zod';
import type { DraftStep } from '../../domain/draft.ts';
import type { Look } from '../../domain/investigation.ts';
import type { Json } from '../../domain/json.ts';
import type { AnyOperation } from '../../domain/operation.ts';
import type { Thought, Told } from '../../domain/ports/thinker.ts';
import { findReferences } from '../../domain/references.ts';
import { fillRunbook, type Runbook } from '../../domain/runbook.ts';
import { edgeProblems } from '../../domain/schedule.ts';
import { describeFound, findOperations, operationOf } from './choose-tools.ts';
import { endings, isEnding } from './endings.ts';
import type { Call, ModelReply } from './model.ts';

/** Calls of one turn; more than these are a mistake of the model's. */
const mostCalls = 10;

/** What a reply comes to. Whatever cannot be used is told back, each call with what is wrong with it. */
export function readReply(
  reply: ModelReply,
  catalogue: readonly AnyOperation[],
  runbooks: readonly Runbook[],
): Thought {
  const { text, calls, stop } = reply;
  if (stop === 'cut') {
    const note =
      'Your reply was longer than is allowed, was cut off, and nothing of it was used. Say it shorter.';
    return { kind: 'mistake', problems: [], note };
  }
  if (stop === 'declined') return { kind: 'answer', text: declined(text) };
  const ending = calls.filter(({ name }) => isEnding(name));
  const [only] = ending;
  if (only && ending.length === 1 && calls.length === 1) return readEnding(only, catalogue, runbooks);
  if (ending.length > 0) {
    const problem = 'End with one call, alone: either look around, or end. Nothing was done.';
    return { kind: 'mistake', problems: calls.map(({ id }) => ({ id, ok: false, text: problem })) };
  }
  if (calls.length > 0) return readCalls(calls, catalogue);
  if (text.trim() !== '') return { kind: 'answer', text: text.trim() };
  return {
    kind: 'mistake',
    problems: [],
    note: 'Your reply was empty. End with `answer`, `ask` or `propose_plan`.',
  };
}

function declined(text: string): string {
  return text.trim() === '' ? 'The language model declined to answer this.' : text.trim();
}

function readEnding(
  { id, name, input }: Call,
  catalogue: readonly AnyOperation[],
  runbooks: readonly Runbook[],
): Thought {
  switch (name as keyof typeof endings) {
    case 'answer': {
      const { value, thought } = parse(endings.answer, id, input);
      return thought ?? { kind: 'answer', text: value.text };
    }
    case 'ask': {
      const { value, thought } = parse(endings.ask, id, input);
      return thought ?? { kind: 'question', text: value.question, options: value.options };
    }
    case 'propose_plan': {
      const { value, thought } = parse(endings.propose_plan, id, input);
      if (thought) return thought;
      return readPlan(id, value, catalogue);
    }
    case 'run_runbook': {
      const { value, thought } = parse(endings.run_runbook, id, input);
      return thought ?? readRunbookCall(id, value, runbooks);
    }
    default:
      return unknownCall(id, name);
  }
}

/** What admission would refuse at once is told back before anything is resolved. */
function readPlan(
  id: string,
  { goal, steps: proposed, on_failure }: z.output<typeof endings.propose_plan>,
  catalogue: readonly AnyOperation[],
): Thought {
  const steps = proposed as DraftStep[];
  const problems = [...edgeProblems(steps), ...steps.flatMap((step) => requestProblems(step, catalogue))];
  if (problems.length > 0)
    return {
      kind: 'mistake',
      problems: [{ id, ok: false, text: `This plan cannot be: ${problems.join('; ')}.` }],
    };
  const draft = { goal, steps, ...(on_failure ? { onFailure: on_failure } : {}) };
  return { kind: 'draft', draft, call: id };
}

/** What the model says is its parameters; the steps are those that were written down. */
function readRunbookCall(
  id: string,
  { name, parameters }: z.output<typeof endings.run_runbook>,
  runbooks: readonly Runbook[],
): Thought {
  const runbook = runbooks.find((each) => each.name === name);
  const given = parameters as { [name: string]: Json };
  const filled = runbook ? fillRunbook(runbook, given) : undefined;
  if (filled?.kind === 'draft') {
    const request = asItWillStand(given, runbook?.parameters ?? []);
    const chosen = { key: name, operation: `runbook.${name}`, request, needs: [] };
    return { kind: 'draft', draft: filled.draft, call: id, chosen: [chosen] };
  }
  const text = filled ? `${filled.problems.join('; ')}.` : `There is no runbook ${name}.`;
  return { kind: 'mistake', problems: [{ id, ok: false, text }] };
}

/** A number for a text becomes a text, and is looked at as one. */
function asItWillStand(
  given: { [name: string]: Json },
  parameters: Runbook['parameters'],
): { [name: string]: Json } {
  const texts = new Set(
    parameters.filter(({ type }) => type === 'string' || type === 'list').map(({ name }) => name),
  );
  const entries = Object.entries(given).map(([name, value]) => {
    // A parameter that is called "kind" may mean anything.
    const field = name === 'kind' ? 'kind of' : name;
    if (!texts.has(name)) return [field, value];
    return [field, Array.isArray(value) ? value.map(String) : String(value)];
  });
  return Object.fromEntries(entries);
}

/** What a field takes from another step is looked at when it is known. */
function requestProblems(
  { key, operation: id, request }: DraftStep,
  catalogue: readonly AnyOperation[],
): string[] {
  const operation = catalogue.find((each) => each.id === id);
  if (!operation) return [`${key}: there is no operation ${id}`];
  const said = Object.entries(request).filter(
    ([, value]) => findReferences({ value }).references.length === 0,
  );
  const parsed = operation.request.safeParse(Object.fromEntries(said));
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => `${key}, ${path.join('.') || id}: ${message}`);
}

type Parsed<T> = { value: T; thought?: undefined } | { value: never; thought: Thought };

function parse<T>(schema: z.ZodType<T>, id: string, input: Json): Parsed<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { value: parsed.data };
  const text = wordsOf(parsed.error, input);
  return { value: undefined as never, thought: { kind: 'mistake', problems: [{ id, ok: false, text }] } };
}

/** A call that was cut off arrives as an empty object; the words say so. */
function wordsOf(error: z.ZodError, input: Json): string {
  const empty = JSON.stringify(input) === '{}' ? 'The call came without any parameters. ' : '';
  const issues = error.issues.slice(0, 8).map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  return `${empty}This cannot be read: ${issues.join('; ')}.`;
}

function unknownCall(id: string, name: string): Thought {
  const text = `There is no ${name}; \`find_operations\` shows what there is.`;
  return { kind: 'mistake', problems: [{ id, ok: false, text }] };
}

function readCalls(calls: readonly Call[], catalogue: readonly AnyOperation[]): Thought {
  const looks: Look[] = [];
  const problems: Told[] = [];
  for (const [index, call] of calls.entries()) {
    const read = index < mostCalls ? readCall(call, catalogue) : `At most ${mostCalls} calls in one turn.`;
    if (typeof read === 'string') problems.push({ id: call.id, ok: false, text: read });
    else if ('operation' in read) looks.push(read);
    else problems.push(read);
  }
  const useful = looks.length > 0 || problems.some(({ ok }) => ok);
  return useful ? { kind: 'look', looks, problems } : { kind: 'mistake', problems };
}

/** @returns a look, an answer that is known at once, or what is wrong. */
function readCall({ id, name, input }: Call, catalogue: readonly AnyOperation[]): Look | Told | string {
  if (name === findOperations.name) {
    const words = (input as { words?: unknown } | null)?.words;
    return { id, ok: true, text: describeFound(catalogue, typeof words === 'string' ? words : '') };
  }
  const operation = catalogue.find((each) => each.id === operationOf(name));
  if (!operation) return `There is no ${name}; \`find_operations\` shows what there is.`;
  if (operation.effect !== 'read') return `${operation.id} changes things: propose it as a step of a plan.`;
  const parsed = operation.request.safeParse(input);
  if (!parsed.success) return wordsOf(parsed.error, input);
  return { id, operation: operation.id, request: input as Look['request'] };
}

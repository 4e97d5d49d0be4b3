import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Condition, Loop } from '../domain/draft.ts';
import { holesIn } from '../domain/fill-template.ts';
import type { Json } from '../domain/json.ts';
import type { AnyOperation } from '../domain/operation.ts';
import { findReferences } from '../domain/references.ts';
import type { Runbook, RunbookStep } from '../domain/runbook.ts';
import { edgeProblems } from '../domain/schedule.ts';
import { type RawRunbook, runbookSchema } from './schema.ts';

export type RunbookProblem = { file: string; line: number; message: string };
type Path = readonly PropertyKey[];
type Say = (path: Path, message: string) => void;

/**
 * Reads one runbook and checks it against the operations there are. Never throws.
 * @returns what is wrong, each with its line, or the runbook.
 */
export function readRunbook(
  text: string,
  file: string,
  catalogue: readonly AnyOperation[],
): { runbook?: Runbook; problems: RunbookProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: RunbookProblem[] = document.errors.map(({ message, pos }) => {
    return { file, line: lines.linePos(pos[0]).line, message };
  });
  if (problems.length > 0) return { problems };
  const say: Say = (path, message) => {
    problems.push({ file, line: lines.linePos(offsetOf(document.contents, path)).line, message });
  };
  const parsed = runbookSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      say(path, `${path.join('.') || 'the file'}: ${message}`);
    return { problems };
  }
  const steps = parsed.data.steps.map(toStep);
  check(parsed.data, steps, catalogue, say);
  if (problems.length > 0) return { problems };
  return { runbook: toRunbook(parsed.data, steps, file), problems };
}

function toRunbook(
  { parameters, onFailure, ...rest }: RawRunbook,
  steps: RunbookStep[],
  file: string,
): Runbook {
  const named = Object.entries(parameters).map(([name, { default: standard, choices, ...parameter }]) => ({
    name,
    ...parameter,
    ...(standard === undefined ? {} : { default: standard as Json }),
    ...(choices === undefined ? {} : { choices }),
  }));
  return { ...rest, file, parameters: named, steps, ...(onFailure === undefined ? {} : { onFailure }) };
}

function toStep({
  when,
  forEach,
  request,
  ifGiven,
  inOrder,
  ...rest
}: RawRunbook['steps'][number]): RunbookStep {
  const loop =
    typeof forEach === 'string'
      ? { forEachOf: holesIn(forEach)[0] ?? '' }
      : forEach === undefined
        ? {}
        : { forEach: forEach as Loop };
  return {
    ...rest,
    request: request as RunbookStep['request'],
    ...(ifGiven === undefined ? {} : { ifGiven }),
    ...(inOrder === undefined ? {} : { inOrder }),
    ...(when === undefined ? {} : { when: when as Condition }),
    ...loop,
  };
}

/** What the shape alone cannot tell: operations, their fields, steps and parameters that are named. */
function check(
  raw: RawRunbook,
  steps: readonly RunbookStep[],
  catalogue: readonly AnyOperation[],
  say: Say,
): void {
  for (const problem of edgeProblems(steps)) say(['steps'], problem);
  const keys = new Map(steps.map((step) => [step.key, step]));
  const parameters = Object.keys(raw.parameters);
  const used = steps.flatMap(({ request, forEachOf }) => [...holesIn(request), forEachOf]);
  for (const name of parameters)
    if (!used.includes(name)) say(['parameters', name], `no step uses the parameter "${name}"`);
  for (const [index, step] of steps.entries()) {
    const at = (...path: PropertyKey[]) => ['steps', index, ...path];
    const operation = catalogue.find(({ id }) => id === step.operation);
    if (!operation) say(at('operation'), `there is no operation ${step.operation}`);
    else checkRequest(step, operation, (field, message) => say(at('request', field), message));
    const loops = step.forEach !== undefined || step.forEachOf !== undefined;
    for (const name of holesIn(step.request)) {
      if (name === 'item' ? !loops : !parameters.includes(name))
        say(
          at('request'),
          name === 'item'
            ? '{{item}} stands only where there is a forEach'
            : `there is no parameter "${name}"`,
        );
    }
    if (step.ifGiven !== undefined && !parameters.includes(step.ifGiven))
      say(at('ifGiven'), `there is no parameter "${step.ifGiven}"`);
    if (step.forEachOf !== undefined && raw.parameters[step.forEachOf]?.type !== 'list')
      say(at('forEach'), `"${step.forEachOf}" is no parameter of the type list`);
    for (const { from } of [step.when, step.forEach].filter((each) => each !== undefined)) {
      const source = keys.get(from);
      const effect = source && catalogue.find(({ id }) => id === source.operation)?.effect;
      if (!source) say(at(), `there is no step "${from}"`);
      else if (effect !== undefined && effect !== 'read')
        say(at(), `"${from}" changes things: conditions and loops look at what reads find`);
    }
    for (const problem of findReferences(step.request).problems) say(at('request'), problem);
  }
}

/** Values that are not known yet are not looked at; names of fields are, and values that stand there. */
function checkRequest(
  { request }: RunbookStep,
  operation: AnyOperation,
  say: (field: string, message: string) => void,
): void {
  const known = Object.entries(request).filter(
    ([, value]) => holesIn(value).length === 0 && findReferences({ value }).references.length === 0,
  );
  const later = Object.keys(request).filter((field) => !known.some(([name]) => name === field));
  for (const field of later) {
    const parsed = operation.request.safeParse({ [field]: undefined });
    if (parsed.error?.issues.some(({ code }) => code === 'unrecognized_keys'))
      say(field, `${operation.id} has no field "${field}"`);
  }
  const parsed = operation.request.safeParse(Object.fromEntries(known));
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0] ?? (issue.code === 'unrecognized_keys' ? issue.keys[0] : ''));
    // A field that is wanted and gets its value later is not missing.
    if (!later.includes(field)) say(field, `${operation.id}: ${field}: ${issue.message}`);
  }
}

function offsetOf(root: unknown, path: Path): number {
  let node = root;
  let offset = rangeOf(root);
  for (const segment of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => String((key as { value?: unknown })?.value) === String(segment),
      );
      if (!pair) break;
      offset = rangeOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
      offset = rangeOf(node) ?? offset;
    } else break;
  }
  return offset ?? 0;
}

function rangeOf(node: unknown): number | undefined {
  return (node as { range?: number[] } | null | undefined)?.range?.[0];
}

import type { Draft, DraftStep } from './draft.ts';
import { fillTemplate } from './fill-template.ts';
import type { Json } from './json.ts';
import type { OnFailure } from './plan.ts';

export type RunbookParameter = {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'list';
  description: string;
  optional: boolean;
  default?: Json;
  choices?: readonly Json[];
};

/** A procedure that somebody wrote down: what it is for, what it needs to know, and its steps as templates. */
export type Runbook = {
  name: string;
  summary: string;
  /** Where it was read from, for people. */
  file: string;
  /** How people ask for it. */
  examples: readonly string[];
  parameters: readonly RunbookParameter[];
  steps: readonly RunbookStep[];
  onFailure?: OnFailure;
};

/**
 * `forEachOf` is a parameter that is a list; `{{item}}` is the item. `ifGiven` is a parameter without which the step is
 * left out. `inOrder` makes each copy of a loop over a parameter wait for the one before.
 */
export type RunbookStep = DraftStep & { forEachOf?: string; ifGiven?: string; inOrder?: boolean };

export type Filled = { kind: 'draft'; draft: Draft } | { kind: 'problems'; problems: string[] };

/** The draft of a runbook with its parameters; or what is missing or wrong, in words. */
export function fillRunbook(runbook: Runbook, given: { [name: string]: Json }): Filled {
  const problems: string[] = [];
  const values: { [name: string]: Json | undefined } = {};
  for (const parameter of runbook.parameters) {
    const { value, problem } = valueFor(parameter, given[parameter.name]);
    if (problem) problems.push(problem);
    values[parameter.name] = value;
  }
  const known = runbook.parameters.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!known.includes(name))
      problems.push(`it has no parameter "${name}" (it has ${known.join(', ') || 'none'})`);
  if (problems.length > 0) return { kind: 'problems', problems };
  const copies = new Map<string, string[]>();
  const steps = runbook.steps.flatMap((step) => {
    const made = fillStep(step, values, problems);
    copies.set(
      step.key,
      made.map(({ key }) => key),
    );
    return made;
  });
  if (problems.length > 0) return { kind: 'problems', problems };
  const named = steps.map((step) => ({
    ...step,
    needs: step.needs.flatMap((need) => copies.get(need) ?? [need]),
  }));
  const goal = `Runbook ${runbook.name}: ${runbook.summary}`;
  return {
    kind: 'draft',
    draft: { goal, steps: named, ...(runbook.onFailure ? { onFailure: runbook.onFailure } : {}) },
  };
}

function valueFor(
  { name, type, optional, choices, default: standard }: RunbookParameter,
  given: Json | undefined,
): { value?: Json; problem?: string } {
  if (given === undefined) {
    if (standard !== undefined) return { value: standard };
    return optional ? {} : { problem: `${name} is missing` };
  }
  const value = typed(type, given);
  if (value === undefined) return { problem: `${name}: ${JSON.stringify(given)} is no ${type}` };
  if (choices && !choices.some((choice) => choice === value))
    return { problem: `${name}: ${JSON.stringify(given)} is none of ${choices.join(', ')}` };
  return { value };
}

/** A value as its parameter wants it; what people type is text. */
function typed(type: RunbookParameter['type'], value: Json): Json | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
    case 'integer':
    case 'number': {
      const number =
        typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')
          ? Number(value)
          : Number.NaN;
      return (type === 'integer' ? Number.isInteger(number) : Number.isFinite(number)) ? number : undefined;
    }
    case 'boolean':
      return value === true || value === 'true'
        ? true
        : value === false || value === 'false'
          ? false
          : undefined;
    case 'list':
      if (Array.isArray(value)) return value;
      return typeof value === 'string' && value !== '' ? value.split(/\s*,\s*/) : undefined;
    default:
      return type satisfies never;
  }
}

function fillStep(
  { forEachOf, ifGiven, inOrder, ...step }: RunbookStep,
  values: { [name: string]: Json | undefined },
  problems: string[],
): DraftStep[] {
  if (ifGiven !== undefined && values[ifGiven] === undefined) return [];
  const fill = (more: { [name: string]: Json | undefined } = {}) => {
    const { value, missing } = fillTemplate(step.request, { ...values, ...more });
    problems.push(...missing.map((name) => `step ${step.key}: {{${name}}} has no value`));
    return value as DraftStep['request'];
  };
  // A loop over what a read finds is unfolded when that is known; its items stay holes until then.
  if (step.forEach) return [{ ...step, request: keepItems(step.request, values) as DraftStep['request'] }];
  if (forEachOf === undefined) return [{ ...step, request: fill() }];
  const items = values[forEachOf];
  return (Array.isArray(items) ? items : []).map((item, index) => ({
    ...step,
    key: `${step.key}-${index + 1}`,
    request: fill({ item }),
    needs: inOrder && index > 0 ? [...step.needs, `${step.key}-${index}`] : step.needs,
  }));
}

/** Fills the parameters and leaves `{{item…}}` as it stands. */
function keepItems(template: Json, values: { [name: string]: Json | undefined }): Json {
  const held = JSON.stringify(template).replaceAll(/\{\{\s*(item[\w.-]*)\s*\}\}/g, '<<$1>>');
  const { value } = fillTemplate(JSON.parse(held) as Json, values);
  return JSON.parse(JSON.stringify(value).replaceAll(/<<(item[\w.-]*)>>/g, '{{$1}}')) as Json;
}

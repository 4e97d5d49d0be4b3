import type { AnyOperation } from '../../domain/operation.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { endingTools, schemaOf } from './endings.ts';
import type { ToolSpec } from './model.ts';

/** Read and write operations that a request is given with their schemas; the others can be found. */
const most = { reads: 16, writes: 14 };

/** What nearly every trouble is looked into with, whatever the words are. */
const usualLooks: ReadonlySet<string> = new Set([
  'kubernetes.list',
  'kubernetes.describe',
  'kubernetes.events',
  'kubernetes.logs',
  'kubernetes.rollout_status',
  'kubernetes.top',
  'monitoring.alerts',
]);

export const findOperations: ToolSpec = {
  name: 'find_operations',
  description: 'Finds operations by words; shows what each does and the schema of its request.',
  schema: {
    type: 'object',
    properties: { words: { type: 'string', description: 'As in "roll back helm release".' } },
    required: ['words'],
    additionalProperties: false,
  },
};

/** A tool's name cannot hold a dot. */
export function toolName(operation: string): string {
  return operation.replace('.', '__');
}

export function operationOf(tool: string): string {
  return tool.replace('__', '.');
}

/**
 * What a model is offered for a text: read operations as tools, write operations within `propose_plan`, and the
 * endings. With `end` only the endings.
 */
export function chooseTools(
  catalogue: readonly AnyOperation[],
  text: string,
  end: boolean,
  runbooks: readonly Runbook[],
): ToolSpec[] {
  const fitting = rank(catalogue, text);
  const writes = fitting
    .filter(({ effect }) => effect !== 'read')
    .slice(0, most.writes)
    .sort(byId)
    .map(({ id, summary, request }) => ({ id, summary, schema: schemaOf(request) }));
  if (end) return endingTools(writes, runbooks);
  const looks = fitting.filter(({ effect }) => effect === 'read');
  const usual = looks.filter(({ id }) => usualLooks.has(id));
  const others = looks.filter(({ id }) => !usualLooks.has(id));
  const reads = [...usual, ...others].slice(0, most.reads).sort(byId).map(readTool);
  return [...reads, findOperations, ...endingTools(writes, runbooks)];
}

function readTool({ id, summary, request }: AnyOperation): ToolSpec {
  return { name: toolName(id), description: `${summary}. Reads only.`, schema: schemaOf(request) };
}

/** The read operations that were found by words, as tools. */
export function foundIn(catalogue: readonly AnyOperation[], words: readonly string[]): ToolSpec[] {
  const found = words.flatMap((each) => bestFor(catalogue, each));
  return [...new Set(found)]
    .filter(({ effect }) => effect === 'read')
    .sort(byId)
    .map(readTool);
}

function bestFor(catalogue: readonly AnyOperation[], words: string): AnyOperation[] {
  return rank(catalogue, words).slice(0, 6);
}

/** What `find_operations` answers. */
export function describeFound(catalogue: readonly AnyOperation[], words: string): string {
  return bestFor(catalogue, words)
    .map(({ id, summary, effect, request }) => {
      const use = effect === 'read' ? `call ${toolName(id)}, or a step` : 'a step of propose_plan';
      return `${id} (${effect}; ${use}): ${summary}. ${JSON.stringify(schemaOf(request))}`;
    })
    .join('\n');
}

/** Best first; the same for the same text, so that providers can cache what they were sent. */
function rank(catalogue: readonly AnyOperation[], text: string): AnyOperation[] {
  const wanted = stemsIn(text);
  const scored = catalogue.map((operation) => ({ operation, score: scoreOf(operation, wanted) }));
  return scored
    .sort((a, b) => b.score - a.score || byId(a.operation, b.operation))
    .map(({ operation }) => operation);
}

function scoreOf({ id, summary, examples }: AnyOperation, wanted: ReadonlySet<string>): number {
  const common = (words: ReadonlySet<string>) => [...wanted].filter((word) => words.has(word)).length;
  const best = Math.max(0, ...examples.map(({ request }) => common(stemsIn(request))));
  return 3 * common(stemsIn(id.replace(/[._]/g, ' '))) + 2 * common(stemsIn(summary)) + best;
}

const dull = new Set('a an and are for in is it of on or that the this to what which why with'.split(' '));

function stemsIn(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]{2,}/g) ?? [];
  return new Set(words.filter((word) => !dull.has(word)).map((word) => word.replace(/(?:ing|ed|es|s)$/, '')));
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

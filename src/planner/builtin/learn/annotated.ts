import type { z } from 'zod';
import type { Effect } from '../../../domain/risk.ts';
import { kindForm, readNumber } from '../text/lexicon.ts';
import type { Example, IntentSource, Params, Span } from '../types.ts';
import { readFactor } from '../values/factor.ts';
import { type FieldType, fieldsOf } from '../values/fields.ts';

const group = /<([^<>|]*(?:\|[^<>|]*)+)>/g;
const slot = /\{(\w+)(?:=([^:{}]+))?:((?:[^{}]|\{[^{}]*\})+)\}/g;

/**
 * An intent whose examples are written with their parameters in place, as in `scale {name:checkout} to {replicas:6}`.
 * `{field=value:words}` says the value where it is not the words themselves; `{_:word}` is a name that fills nothing.
 * `<show|list|get>` makes one example for each choice; where a line has several such groups they move on together.
 * Throws on a field that `request` does not have.
 */
export function learnable(
  id: string,
  summary: string,
  effect: Effect,
  request: z.ZodType,
  lines: readonly string[],
): IntentSource {
  const fields = fieldsOf(request);
  return {
    id,
    summary,
    effect,
    request,
    examples: lines.flatMap(expand).map((line) => readAnnotated(line, id, fields)),
  };
}

function expand(line: string): string[] {
  const sizes = [...line.matchAll(group)].map(([, choices = '']) => choices.split('|').length);
  return Array.from({ length: Math.max(1, ...sizes) }, (_, turn) =>
    line.replace(group, (_whole, choices: string) => {
      const options = choices.split('|');
      return options[turn % options.length] ?? '';
    }),
  );
}

function readAnnotated(line: string, id: string, fields: ReadonlyMap<string, FieldType>): Example {
  const params: Params = {};
  const spans: Span[] = [];
  let request = '';
  const form = id.endsWith('.list') || id.endsWith('.top') ? 'plural' : 'singular';
  let last = 0;
  for (const match of line.matchAll(slot)) {
    const [whole, field = '', value, words = ''] = match;
    request += line.slice(last, match.index);
    spans.push({ field, start: request.length, end: request.length + words.length });
    request += words;
    last = match.index + whole.length;
    if (field === '_') continue;
    const type = fields.get(field);
    if (type === undefined)
      throw new Error(`An example of ${id} names an unknown parameter "${field}": ${line}`);
    params[field] = field === 'kind' ? kindForm(words, form) : exampleValue(value ?? words, field, type);
  }
  request += line.slice(last);
  return { request, params, spans };
}

function exampleValue(text: string, field: string, type: FieldType): string | number | boolean {
  if (type.kind === 'boolean') return text !== 'false';
  if (type.kind === 'string') return text.replace(/^(["'`])(.*)\1$/s, '$2');
  return (
    (field === 'factor' ? readFactor(text) : readNumber(text.replace(/\s?(?:%|percent)$/, ''))) ?? Number.NaN
  );
}

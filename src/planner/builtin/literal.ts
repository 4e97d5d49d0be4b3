import { isObject, type Json } from '../../domain/json.ts';
import { splitArguments } from './command-line/argv.ts';
import { readNumber } from './text/lexicon.ts';
import type { IntentSource, Params } from './types.ts';
import { type FieldType, fieldsOf } from './values/fields.ts';

/**
 * A message that names an operation by its id, with fields behind it: `board.close ticket=7 environment=staging`, or
 * `board.close {"ticket": 7}`. Undefined where it names none of them, or not in that form.
 */
export function literalCall(
  text: string,
  sources: ReadonlyMap<string, IntentSource>,
  offered: ReadonlySet<string>,
): { operation: string; request: Params } | undefined {
  const [, id = '', rest = ''] = /^\s*`?([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\b\s*(.*?)`?\s*$/s.exec(text) ?? [];
  const source = offered.has(id) ? sources.get(id) : undefined;
  if (source === undefined) return undefined;
  const request = rest.startsWith('{') ? objectOf(rest) : pairsOf(rest, fieldsOf(source.request));
  return request && { operation: id, request };
}

function objectOf(text: string): Params | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function pairsOf(text: string, fields: ReadonlyMap<string, FieldType>): Params | undefined {
  const request: Params = {};
  for (const word of splitArguments(text) ?? ['']) {
    const [, field, value = ''] = /^([\w-]+)=(.*)$/s.exec(word) ?? [];
    // A field that is not there is named by the operation's own schema.
    if (field === undefined) return undefined;
    request[field] = typed(value, fields.get(field));
  }
  return request;
}

function typed(value: string, type: FieldType | undefined): Json {
  if (type?.kind === 'number') return readNumber(value) ?? value;
  if (type?.kind === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return objectOf(value) ?? value;
}

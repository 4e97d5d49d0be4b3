import { kindOf } from '../text/lexicon.ts';
import type { IntentSource } from '../types.ts';
import type { FieldType } from '../values/fields.ts';
import type { Meaning, ParamKnowledge } from '../values/read-params.ts';
import type { ReadExample } from './word-counts.ts';

/** Text fields that nearly every example of an intent says, with the shapes they have. */
export type PrimaryField = { field: string; shapes: ReadonlySet<string> };

/** What the examples of one intent (`own`, in their order) tell about its parameters. */
export function knowledgeOf(
  intent: IntentSource,
  own: readonly ReadExample[],
  fields: ReadonlyMap<string, FieldType>,
  rest: ReadonlySet<string>,
): ParamKnowledge {
  const meanings = new Map<string, Meaning>();
  const kinds: string[] = [];
  for (const [index, example] of intent.examples.entries()) {
    const one = own[index];
    for (const { field, start, end } of one?.spans ?? []) {
      const value = example.params[field];
      const words = unquoted(one?.message.text.slice(start, end) ?? '');
      if (field === 'kind' && typeof value === 'string') kinds.push(value);
      else if (typeof value === 'boolean') meanings.set(`${field} ${words}`, value);
      else if (typeof value === 'string' && value.toLowerCase() !== words)
        meanings.set(`${field} ${words}`, value);
    }
  }
  const plural = kinds.filter((kind) => kind !== kindOf(kind)).length;
  return {
    schema: intent.request,
    fields,
    meanings,
    telling: tellingWords(own, meanings),
    loneNumber: loneNumber(own, fields),
    pluralKinds: plural * 2 > kinds.length,
    rest,
  };
}

function unquoted(words: string): string {
  return words.replace(/^(["'`])(.*)\1$/s, '$2').toLowerCase();
}

/** Single words that mean a value whenever they are said ("private", "squash", "stopped"). */
function tellingWords(own: readonly ReadExample[], meanings: ReadonlyMap<string, Meaning>) {
  const telling = new Map<string, { field: string; value: Meaning }>();
  for (const [key, value] of meanings) {
    const [field = '', ...words] = key.split(' ');
    if (words.length > 1 && typeof value !== 'boolean') continue;
    for (const word of words)
      if (isTelling(word, field, own, words.length > 1 ? 1 : 0)) telling.set(word, { field, value });
  }
  return telling;
}

/** Whether a word is hardly ever said without its field; words of a phrase must have been met more than `least`. */
function isTelling(word: string, field: string, own: readonly ReadExample[], least: number): boolean {
  let said = 0;
  let meant = 0;
  for (const { message, spans, aligned } of own) {
    for (const token of aligned ? message.tokens : []) {
      if (token.word !== word) continue;
      said += 1;
      if (spans.some((span) => span.field === field && span.start <= token.start && span.end >= token.end))
        meant += 1;
    }
  }
  return meant > least && meant / said > 0.75;
}

/** The one number that an intent takes, if it takes one and its examples often say it. */
function loneNumber(own: readonly ReadExample[], fields: ReadonlyMap<string, FieldType>): string | undefined {
  const [field, ...others] = [...fields].filter(([, { kind }]) => kind === 'number').map(([name]) => name);
  if (field === undefined || others.length > 0 || field === 'factor') return undefined;
  const said = own.filter(({ spans }) => spans.some((span) => span.field === field)).length;
  return said >= own.length * 0.3 ? field : undefined;
}

/** The fields that at least three of four examples say. */
export function primaryFields(
  own: readonly ReadExample[],
  fields: ReadonlyMap<string, FieldType>,
): readonly PrimaryField[] {
  return [...fields].flatMap(([field, type]) => {
    if (type.kind !== 'string' || type.choices || field === 'kind') return [];
    const said = own.flatMap(({ message, spans }) => {
      const span = spans.find((one) => one.field === field);
      const token = span && message.tokens.find(({ start }) => start === span.start);
      return token ? [token.shape] : [];
    });
    return said.length > 0 && said.length >= own.length * 0.75 ? [{ field, shapes: new Set(said) }] : [];
  });
}

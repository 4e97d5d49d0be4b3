import type { z } from 'zod';
import type { FoundSlot } from '../learn/slot-model.ts';
import { kindForm, kindOf, readNumber } from '../text/lexicon.ts';
import type { Params } from '../types.ts';
import { readFactor } from './factor.ts';
import type { FieldType } from './fields.ts';

export type Meaning = string | boolean;

/** What is learnt about one intent's parameters besides where they stand. */
export type ParamKnowledge = {
  schema: z.ZodType;
  fields: ReadonlyMap<string, FieldType>;
  /** `field words` → value, for words that are not the value themselves ("golang" is `go`, "-f" is true). */
  meanings: ReadonlyMap<string, Meaning>;
  /** Words that mean a value wherever they stand. */
  telling: ReadonlyMap<string, { field: string; value: Meaning }>;
  /** The number field that a number left over fills. */
  loneNumber: string | undefined;
  /** Whether kinds are said in the plural here. */
  pluralKinds: boolean;
  rest: ReadonlySet<string>;
};

/** Turns found words into typed parameters. */
export function readParams(text: string, slots: readonly FoundSlot[], knowledge: ParamKnowledge): Params {
  const best = new Map<string, FoundSlot>();
  for (const slot of slots) {
    const before = best.get(slot.field);
    if (before === undefined || slot.confidence > before.confidence) best.set(slot.field, slot);
  }
  const params: Params = {};
  for (const [field, type] of knowledge.fields) {
    const slot = best.get(field);
    if (!slot) continue;
    const words = text.slice(slot.start, slot.end);
    const value = typedValue(words, field, type, knowledge, text);
    if (value !== undefined) params[field] = value;
  }
  return params;
}

/** Types values that are certain words (a command line's) by the fields of an intent. */
export function typeValues(values: { [field: string]: string }, knowledge: ParamKnowledge): Params {
  const params: Params = {};
  for (const [field, text] of Object.entries(values)) {
    const type = knowledge.fields.get(field);
    if (type === undefined) continue;
    const value =
      type.kind === 'boolean'
        ? text === 'true'
        : type.kind === 'number'
          ? readNumber(text.replace(/%$/, ''))
          : text;
    if (value !== undefined) params[field] = value;
  }
  return keepValid(params, knowledge.schema);
}

function typedValue(
  words: string,
  field: string,
  type: FieldType,
  knowledge: ParamKnowledge,
  whole: string,
): string | number | boolean | undefined {
  const plain = knowledge.rest.has(field) ? trimRest(words) : unquote(words.trim());
  const meaning = knowledge.meanings.get(`${field} ${plain.toLowerCase()}`);
  if (meaning !== undefined) return meaning;
  if (type.kind === 'boolean') return toldBy(plain, field, knowledge);
  if (type.kind === 'number')
    return field === 'factor'
      ? readFactor(plain, whole)
      : readNumber(plain.replace(/\s?(?:%|percent|pct)$/i, ''));
  if (type.choices) return type.choices.find((choice) => choice.toLowerCase() === plain.toLowerCase());
  if (field === 'kind')
    return kindOf(plain) === undefined
      ? undefined
      : kindForm(plain, knowledge.pluralKinds ? 'plural' : 'singular');
  return plain === '' ? undefined : plain;
}

/** What a telling word among these says of a field; words that were never learnt for it say nothing. */
function toldBy(words: string, field: string, { telling }: ParamKnowledge): Meaning | undefined {
  for (const word of words.toLowerCase().split(/[\s-]+/)) {
    const told = telling.get(word);
    if (told?.field === field) return told.value;
  }
  return undefined;
}

function unquote(words: string): string {
  return words.replace(/^([`"'])(.*)\1$/s, '$2').trim();
}

/** Words that run to the end, less the politeness and the full stop behind them, and quotes around the whole. */
function trimRest(words: string): string {
  let plain = words.trim();
  for (;;) {
    const next = plain
      .replace(
        /[\s,.!?]*(?:\b(?:please|pls|plz|thanks|thx|ty|thank you|for me|right now|cheers)[\s.!?]*|(?<=[\w)"])[.!?]+)$/i,
        '',
      )
      .trim();
    if (next === plain || next === '') break;
    plain = next;
  }
  return unquote(plain);
}

/** The parameters less those that the schema refuses. */
export function keepValid(params: Params, schema: z.ZodType): Params {
  if (schema.safeParse(params).success) return params;
  const valid: Params = {};
  for (const [field, value] of Object.entries(params))
    if (schema.safeParse({ ...valid, [field]: value }).success) valid[field] = value;
  return valid;
}

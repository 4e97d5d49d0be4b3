import type { FoundSlot } from './learn/slot-model.ts';
import type { Learnt } from './learn/train.ts';
import { kindForm, kindOf, readNumber } from './text/lexicon.ts';
import type { Message } from './text/message.ts';
import type { Token } from './text/tokens.ts';
import type { Params } from './types.ts';
import { readFactor } from './values/factor.ts';
import { freeText } from './values/free-text.ts';
import { pairsIn } from './values/pairs.ts';
import { preferTechnical } from './values/prefer-technical.ts';
import { keepValid, type ParamKnowledge, readParams } from './values/read-params.ts';

/** Words that stand for something said before; never a value. */
const pronouns = new Set(['it', 'this', 'that', 'them', 'these', 'those', 'now', 'again']);

/** The parameters that a message says for an intent; what the intent's schema refuses is left out. */
export function paramsOf(message: Message, intent: string, learnt: Learnt): Params {
  const knowledge = learnt.knowledge.get(intent);
  if (!knowledge || knowledge.fields.size === 0) return {};
  const found = learnt.slots.find(message, intent, [...knowledge.fields.keys()]);
  const slots = preferTechnical(message, found, learnt.vocabulary);
  for (const field of ['environment', 'namespace'] as const) {
    const place = message.places[field];
    if (place && knowledge.fields.has(field)) slots.push(placeSlot(message, field, place.value));
  }
  for (const { field, shapes } of learnt.primary.get(intent) ?? [])
    if (!slots.some((slot) => slot.field === field)) addLeftOver(message, field, shapes, slots, learnt);
  let params = readParams(message.text, slots, knowledge);
  fillGaps(params, message, slots, knowledge);
  if (knowledge.fields.has('values')) {
    const { values: _guessed, ...others } = params;
    const values = pairsIn(message.text);
    params = values === undefined ? others : { ...others, values };
  }
  for (const [field, value] of Object.entries(params))
    if (typeof value === 'string' && pronouns.has(value.toLowerCase())) delete params[field];
  return keepValid(params, knowledge.schema);
}

function placeSlot(message: Message, field: 'environment' | 'namespace', value: string): FoundSlot {
  const place = message.places[field] ?? { from: 0, to: 0 };
  const token = message.tokens.slice(place.from, place.to).find((one) => one.value === value);
  return { field, start: token?.start ?? 0, end: token?.end ?? 0, confidence: 1 };
}

/** What nearly every message of its kind says and nothing was found for: the only word left that could be it. */
function addLeftOver(
  message: Message,
  field: string,
  shapes: ReadonlySet<string>,
  slots: FoundSlot[],
  learnt: Learnt,
): void {
  const left = unclaimed(message, slots).filter(
    (token) => shapes.has(token.shape) && token.shape !== 'mark' && !learnt.vocabulary.read(token).known,
  );
  const [only] = left;
  if (only && left.length === 1) slots.push({ field, start: only.start, end: only.end, confidence: 0.3 });
}

/** The one word for a kind that nothing else claims. */
function fillKind(params: Params, left: readonly Token[], knowledge: ParamKnowledge): void {
  if (!knowledge.fields.has('kind') || params.kind !== undefined) return;
  const kinds = left.filter(({ word }) => kindOf(word) !== undefined);
  const form = knowledge.pluralKinds ? 'plural' : 'singular';
  if (kinds.length === 1 && kinds[0]) params.kind = kindForm(kinds[0].word, form);
}

function unclaimed({ tokens, places }: Message, slots: readonly FoundSlot[]): Token[] {
  return tokens.filter(
    (token, index) =>
      ![places.environment, places.namespace].some(
        (place) => place && index >= place.from && index < place.to,
      ) && !slots.some(({ start, end }) => token.start < end && token.end > start),
  );
}

/** Words that mean a value wherever they stand, the one number left, and text after its lead-in. */
function fillGaps(
  params: Params,
  message: Message,
  slots: readonly FoundSlot[],
  knowledge: ParamKnowledge,
): void {
  const left = unclaimed(message, slots);
  for (const { word } of left) {
    const told = knowledge.telling.get(word) ?? knowledge.telling.get(word.split('-')[0] ?? '');
    if (told && params[told.field] === undefined) params[told.field] = told.value;
  }
  fillKind(params, left, knowledge);
  const lone = knowledge.loneNumber;
  if (lone !== undefined && params[lone] === undefined) {
    // "A single trace" is no revision: only what can be counted is said in words.
    const countable = /^(?:replicas|min|max|lines|connections)$/.test(lone);
    const numbers = left.flatMap(({ shape, value }) =>
      shape === 'number' && (countable || /\d/.test(value)) ? (readNumber(value) ?? []) : [],
    );
    if (numbers.length === 1 && numbers[0] !== undefined) params[lone] = numbers[0];
  }
  if (knowledge.fields.has('factor') && params.factor === undefined) {
    const factor = readFactor(left.map(({ value }) => value).join(' '), message.text);
    if (factor !== undefined) params.factor = factor;
  }
  for (const field of knowledge.fields.keys()) {
    const text = knowledge.rest.has(field) ? freeText(field, message.text, params[field]) : undefined;
    if (text !== undefined) params[field] = text;
  }
}

import { kindOf } from '../text/lexicon.ts';
import { type Message, readMessage } from '../text/message.ts';
import type { IntentSource, Span } from '../types.ts';
import { type FieldType, fieldsOf } from '../values/fields.ts';
import type { ParamKnowledge } from '../values/read-params.ts';
import { spansOf } from './align.ts';
import { type IntentModel, trainIntentModel } from './intent-model.ts';
import { type SlotModel, trainSlotModel } from './slot-model.ts';
import { createVocabulary, type Vocabulary } from './words.ts';

/** Everything learnt from the intents' examples. */
export type Learnt = {
  intents: IntentModel;
  slots: SlotModel;
  vocabulary: Vocabulary;
  knowledge: ReadonlyMap<string, ParamKnowledge>;
  /** Text fields that nearly every example of an intent says, with the shapes they have. */
  primary: ReadonlyMap<string, readonly { field: string; shapes: ReadonlySet<string> }[]>;
};

type Read = { intent: string; message: Message; spans: readonly Span[] };

/** Learns from examples alone, in well under a second. Deterministic. */
export function train(intents: readonly IntentSource[]): Learnt {
  const fields = new Map(intents.map(({ id, request }) => [id, fieldsOf(request)]));
  const read = intents.flatMap((intent) => readExamples(intent));
  const vocabulary = createVocabulary(countWords(read));
  const rest = restFields(read);
  const namesOf = (intent: string) => [...(fields.get(intent)?.keys() ?? [])];
  const slotLessons = read
    .map((one) => ({ ...one, fields: namesOf(one.intent) }))
    .filter((one) => one.fields.length > 0);
  return {
    vocabulary,
    intents: trainIntentModel(intents, read, vocabulary),
    slots: trainSlotModel(slotLessons, vocabulary, rest),
    knowledge: new Map(
      intents.map((intent) => [
        intent.id,
        knowledgeOf(intent, read, fields.get(intent.id) ?? new Map(), rest),
      ]),
    ),
    primary: new Map(
      intents.map(({ id }) => [
        id,
        primaryFields(
          read.filter(({ intent }) => intent === id),
          fields.get(id) ?? new Map(),
        ),
      ]),
    ),
  };
}

function readExamples(intent: IntentSource): Read[] {
  return intent.examples.map((example) => {
    const message = readMessage(example.request);
    return { intent: intent.id, message, spans: spansOf(example, message.text, message.tokens) };
  });
}

/** Words outside of parameters. A word of small talk or of a complex wish must be met twice, or it may be a name. */
function countWords(read: readonly Read[]): Map<string, number> {
  const counts = new Map<string, number>();
  const loose = new Map<string, number>();
  for (const { intent, message, spans } of read) {
    const table = intent === 'none' || intent === 'complex' ? loose : counts;
    for (const token of message.tokens) {
      if (token.shape !== 'word' && token.shape !== 'id' && token.shape !== 'camel' && token.shape !== 'flag')
        continue;
      if (token.raw !== token.value || spans.some(({ start, end }) => token.start < end && token.end > start))
        continue;
      table.set(token.word, (table.get(token.word) ?? 0) + 1);
    }
  }
  for (const [word, count] of loose)
    if (count > 1 || counts.has(word)) counts.set(word, (counts.get(word) ?? 0) + count);
  return counts;
}

/** Fields whose unquoted words mostly run over several words to the end of the message. */
function restFields(read: readonly Read[]): Set<string> {
  const tally = new Map<string, { long: number; atEnd: number }>();
  for (const { message, spans } of read) {
    for (const { field, start, end } of spans) {
      const words = message.text.slice(start, end);
      if (/^["'`]/.test(words) || /["'`]/.test(message.text[start - 1] ?? '') || !/\s/.test(words)) continue;
      const counted = tally.get(field) ?? { long: 0, atEnd: 0 };
      counted.long += 1;
      if (!/\w/.test(message.text.slice(end).replace(/\b(please|pls|plz|thanks|thx|for me)\b/gi, '')))
        counted.atEnd += 1;
      tally.set(field, counted);
    }
  }
  const long = new Set(['duration', 'since', 'factor']);
  return new Set(
    [...tally]
      .filter(([field, { long: many, atEnd }]) => many > 2 && atEnd / many > 0.7 && !long.has(field))
      .map(([field]) => field),
  );
}

function knowledgeOf(
  intent: IntentSource,
  read: readonly Read[],
  fields: ReadonlyMap<string, FieldType>,
  rest: ReadonlySet<string>,
): ParamKnowledge {
  const meanings = new Map<string, string | boolean | number>();
  const kinds: string[] = [];
  const own = read.filter((one) => one.intent === intent.id);
  for (const [index, example] of intent.examples.entries()) {
    const one = own[index];
    if (!one) continue;
    for (const { field, start, end } of one.spans) {
      const value = example.params[field];
      const words = one.message.text
        .slice(start, end)
        .replace(/^(["'`])(.*)\1$/s, '$2')
        .toLowerCase();
      if (field === 'kind' && typeof value === 'string') kinds.push(value);
      else if (typeof value === 'boolean') meanings.set(`${field} ${words}`, value);
      else if (typeof value === 'string' && value.toLowerCase() !== words)
        meanings.set(`${field} ${words}`, value);
    }
  }
  const plural = kinds.filter((kind) => kind !== kindOf(kind)).length;
  return { schema: intent.request, fields, meanings, pluralKinds: plural * 2 > kinds.length, rest };
}

function primaryFields(read: readonly Read[], fields: ReadonlyMap<string, FieldType>) {
  return [...fields].flatMap(([field, type]) => {
    if (type.kind !== 'string' || type.choices || field === 'kind') return [];
    const said = read.flatMap(({ message, spans }) => {
      const span = spans.find((one) => one.field === field);
      const token = span && message.tokens.find(({ start }) => start === span.start);
      return token ? [token.shape] : [];
    });
    return said.length > 0 && said.length >= read.length * 0.75 ? [{ field, shapes: new Set(said) }] : [];
  });
}

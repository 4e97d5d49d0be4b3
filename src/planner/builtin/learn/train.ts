import { readMessage } from '../text/message.ts';
import type { IntentSource } from '../types.ts';
import { type FieldType, fieldsOf } from '../values/fields.ts';
import type { ParamKnowledge } from '../values/read-params.ts';
import { spansOf } from './align.ts';
import { fieldForms } from './field-forms.ts';
import { knowledgeOf, type PrimaryField, primaryFields } from './field-knowledge.ts';
import { type IntentModel, trainIntentModel } from './intent-model.ts';
import { type SlotModel, trainSlotModel } from './slot-model.ts';
import { countWords, type ReadExample } from './word-counts.ts';
import { createVocabulary, type Vocabulary } from './words.ts';

/** Everything learnt from the intents' examples. */
export type Learnt = {
  intents: IntentModel;
  slots: SlotModel;
  vocabulary: Vocabulary;
  knowledge: ReadonlyMap<string, ParamKnowledge>;
  primary: ReadonlyMap<string, readonly PrimaryField[]>;
  /** Intents that change the world. */
  writes: ReadonlySet<string>;
};

/** Learns from examples alone, in well under a second. Deterministic. */
export function train(intents: readonly IntentSource[]): Learnt {
  const fields = new Map(intents.map(({ id, request }) => [id, fieldsOf(request)]));
  const own = new Map(intents.map((intent) => [intent.id, readExamples(intent)]));
  const read = [...own.values()].flat();
  const vocabulary = createVocabulary(countWords(read));
  const forms = fieldForms(read);
  const lessons = read
    .map((one) => ({ ...one, fields: [...(fields.get(one.intent)?.keys() ?? [])] }))
    .filter((one) => one.fields.length > 0 && one.aligned);
  const of = <Value>(learn: (intent: IntentSource, own: ReadExample[], fields: Fields) => Value) =>
    new Map(
      intents.map((one) => [one.id, learn(one, own.get(one.id) ?? [], fields.get(one.id) ?? new Map())]),
    );
  return {
    vocabulary,
    intents: trainIntentModel(intents, read, vocabulary),
    slots: trainSlotModel(lessons, vocabulary, forms),
    knowledge: of((intent, examples, types) => knowledgeOf(intent, examples, types, forms.rest)),
    writes: new Set(intents.filter(isWrite).map(({ id }) => id)),
    primary: of((_, examples, types) => primaryFields(examples, types)),
  };
}

/** Whether an intent changes the world; wishes about Reign itself are carried out by code. */
export function isWrite({ id, effect }: Pick<IntentSource, 'id' | 'effect'>): boolean {
  return effect !== 'read' && !id.startsWith('reign.');
}

type Fields = ReadonlyMap<string, FieldType>;

function readExamples(intent: IntentSource): ReadExample[] {
  return intent.examples.map((example) => {
    const message = readMessage(example.request);
    const spans = spansOf(example, message.text, message.tokens);
    const aligned = Object.keys(example.params).every((field) => spans.some((span) => span.field === field));
    return { intent: intent.id, message, spans, aligned };
  });
}

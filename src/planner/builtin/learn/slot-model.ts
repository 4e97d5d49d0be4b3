import type { Message } from '../text/message.ts';
import type { Span } from '../types.ts';
import { createFeatureIndex, hashText } from './hashing.ts';
import { type Sample, trainLinear } from './linear.ts';
import { type SlotRow, slotFeatures, slotRows } from './slot-features.ts';
import type { Vocabulary } from './words.ts';

/** Finds where a message says an intent's parameters. */
export type SlotModel = { find(message: Message, intent: string, fields: readonly string[]): FoundSlot[] };
export type FoundSlot = Span & { confidence: number };
export type SlotLesson = {
  intent: string;
  fields: readonly string[];
  message: Message;
  spans: readonly Span[];
};

const nothing = '-';

/**
 * How fields are said, as learnt from examples. `rest`: their words run to the end of the message, so only where they
 * begin is learnt. `phrases`: several words side by side. `shapes`: what a field's tokens look like.
 */
export type FieldForms = {
  rest: ReadonlySet<string>;
  phrases: ReadonlySet<string>;
  shapes: ReadonlyMap<string, ReadonlySet<string>>;
};

export function trainSlotModel(
  lessons: readonly SlotLesson[],
  vocabulary: Vocabulary,
  forms: FieldForms,
): SlotModel {
  const { rest } = forms;
  const labels = new Map<string, number>([[nothing, 0]]);
  for (const { fields } of lessons)
    for (const field of fields) if (!labels.has(field)) labels.set(field, labels.size);
  const names = [...labels.keys()];
  const allowedOf = (fields: readonly string[]) =>
    Int32Array.from([0, ...fields.map((field) => labels.get(field) ?? 0).filter((label) => label > 0)]);
  const index = createFeatureIndex();
  const samples = lessons.flatMap((lesson) =>
    samplesOf(lesson, vocabulary, rest, labels, allowedOf(lesson.fields), index),
  );
  index.close();
  const model = trainLinear(samples, { features: index.size, labels: labels.size }, { epochs: 4, rate: 0.3 });
  return {
    find(message, intent, fields) {
      const rows = slotRows(message, vocabulary, new Set(fields)).slice(0, 200);
      const allowed = allowedOf(fields);
      const marks: { label: string; confidence: number }[] = [];
      let before = nothing;
      for (let at = 0; at < rows.length; at += 1) {
        const fitting = allowed.filter((label) => fits(rows[at] as SlotRow, names[label] ?? nothing, forms));
        const features = slotFeatures(rows, at, hashText(before), hashText(intent));
        const chances = model.probabilities(index.lookup(features), fitting);
        const best = chances.reduce((top, chance, place) => (chance > (chances[top] ?? 0) ? place : top), 0);
        before = names[fitting[best] ?? 0] ?? nothing;
        marks.push({ label: before, confidence: chances[best] ?? 0 });
      }
      return join(rows, marks, forms);
    },
  };
}

/** A field takes only tokens of shapes that it had in examples; names of any make count as one shape. */
function fits(row: SlotRow, field: string, { rest, phrases, shapes }: FieldForms): boolean {
  if (field === nothing || rest.has(field) || phrases.has(field)) return true;
  return shapes.get(field)?.has(shapeClass(row.shape)) ?? true;
}

/** Shapes that names may have, as one. */
export function shapeClass(shape: string): string {
  return /^(?:word|id|hex|camel|plan|file|quote)$/.test(shape) ? 'name' : shape;
}

function samplesOf(
  lesson: SlotLesson,
  vocabulary: Vocabulary,
  rest: ReadonlySet<string>,
  labels: ReadonlyMap<string, number>,
  allowed: Int32Array,
  index: ReturnType<typeof createFeatureIndex>,
): Sample[] {
  const rows = slotRows(lesson.message, vocabulary, new Set(lesson.fields));
  const intent = hashText(lesson.intent);
  const samples: Sample[] = [];
  let before = nothing;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] as SlotRow;
    const span = lesson.spans.find(({ start, end }) => row.start < end && row.end > start);
    const field = span && labels.has(span.field) && lesson.fields.includes(span.field) ? span.field : nothing;
    samples.push({
      features: index.lookup(slotFeatures(rows, at, hashText(before), intent)),
      label: labels.get(field) ?? 0,
      allowed,
    });
    if (rest.has(field) && !row.closed) break;
    before = field;
  }
  return samples;
}

function join(
  rows: readonly SlotRow[],
  marks: readonly { label: string; confidence: number }[],
  { rest, phrases }: FieldForms,
): FoundSlot[] {
  const found: FoundSlot[] = [];
  let open: { slot: FoundSlot; token: number } | undefined;
  for (const [at, row] of rows.entries()) {
    const { label, confidence } = marks[at] ?? { label: nothing, confidence: 0 };
    if (label === nothing) {
      open = undefined;
      continue;
    }
    if (rest.has(label) && !row.closed) {
      found.push({ field: label, start: row.start, end: rows.at(-1)?.end ?? row.end, confidence });
      return found;
    }
    if (open && open.slot.field === label && phrases.has(label) && row.token === open.token + 1) {
      open.slot.end = row.end;
      open.token = row.token;
      continue;
    }
    const slot = { field: label, start: row.start, end: row.end, confidence };
    found.push(slot);
    open = { slot, token: row.token };
  }
  return found;
}

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

/** `rest` holds the fields whose words run to the end of the message: only where they begin is learnt. */
export function trainSlotModel(
  lessons: readonly SlotLesson[],
  vocabulary: Vocabulary,
  rest: ReadonlySet<string>,
): SlotModel {
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
  const model = trainLinear(samples, { features: index.size, labels: labels.size }, { epochs: 5, rate: 0.3 });
  return {
    find(message, intent, fields) {
      const rows = slotRows(message, vocabulary, new Set(fields)).slice(0, 200);
      const allowed = allowedOf(fields);
      const marks: { label: string; confidence: number }[] = [];
      let before = nothing;
      for (let at = 0; at < rows.length; at += 1) {
        const chances = model.probabilities(
          index.lookup(slotFeatures(rows, at, hashText(before), hashText(intent))),
          allowed,
        );
        const best = chances.reduce((top, chance, place) => (chance > (chances[top] ?? 0) ? place : top), 0);
        before = names[allowed[best] ?? 0] ?? nothing;
        marks.push({ label: before, confidence: chances[best] ?? 0 });
      }
      return join(rows, marks, rest);
    },
  };
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
    if (rest.has(field) && !row.quoted) break;
    before = field;
  }
  return samples;
}

function join(
  rows: readonly SlotRow[],
  marks: readonly { label: string; confidence: number }[],
  rest: ReadonlySet<string>,
): FoundSlot[] {
  const found: FoundSlot[] = [];
  let open: { slot: FoundSlot; token: number } | undefined;
  for (const [at, row] of rows.entries()) {
    const { label, confidence } = marks[at] ?? { label: nothing, confidence: 0 };
    if (label === nothing) {
      open = undefined;
      continue;
    }
    if (rest.has(label) && !row.quoted) {
      found.push({ field: label, start: row.start, end: rows.at(-1)?.end ?? row.end, confidence });
      return found;
    }
    if (open && open.slot.field === label && row.token === open.token + 1) {
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

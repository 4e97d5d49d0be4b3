import { createRandom } from '../../../domain/random.ts';
import type { Message } from '../text/message.ts';
import type { IntentSource } from '../types.ts';
import { createFeatureIndex, hashText } from './hashing.ts';
import { type IntentRow, intentFeatures, intentRows } from './intent-features.ts';
import { type Sample, trainLinear } from './linear.ts';
import type { Vocabulary } from './words.ts';

/** Probabilities of all intents for a message, best first. */
export type IntentModel = { rank(message: Message): { intent: string; confidence: number }[] };

export type Lesson = { intent: string; message: Message };

export function trainIntentModel(
  intents: readonly Pick<IntentSource, 'id'>[],
  lessons: readonly Lesson[],
  vocabulary: Vocabulary,
): IntentModel {
  const labels = new Map(intents.map(({ id }, index) => [id, index]));
  const allowed = Int32Array.from(labels.values());
  const index = createFeatureIndex();
  const random = createRandom(7);
  const samples: Sample[] = [];
  for (const { intent, message } of lessons) {
    const rows = intentRows(message, vocabulary);
    const label = labels.get(intent) ?? 0;
    for (const variant of [rows, blur(rows, random)])
      if (variant) samples.push({ features: index.lookup(intentFeatures(variant, message)), label, allowed });
  }
  index.close();
  const model = trainLinear(
    samples,
    { features: index.size, labels: labels.size },
    { epochs: 3, rate: 0.07 },
  );
  return {
    rank(message) {
      const features = intentFeatures(intentRows(message, vocabulary), message);
      const chances = model.probabilities(index.lookup(features), allowed);
      return intents
        .map(({ id }, place) => ({ intent: id, confidence: chances[place] ?? 0 }))
        .sort((a, b) => b.confidence - a.confidence);
    },
  };
}

const stranger = hashText('<x>');

/** The message with one of its words unknown, so that no single word is leaned on too much. */
function blur(rows: readonly IntentRow[], random: () => number): IntentRow[] | undefined {
  const words = rows.filter(({ known, shape }) => known && shape !== 'mark');
  if (words.length < 3) return undefined;
  const chosen = words[Math.floor(random() * words.length)];
  return rows.map((row) =>
    row === chosen
      ? { ...row, main: stranger, coarse: stranger, group: stranger, word: '<x>', known: false }
      : row,
  );
}

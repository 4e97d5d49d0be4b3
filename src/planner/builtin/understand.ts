import { readCommandLine } from './command-line/read.ts';
import type { FoundSlot } from './learn/slot-model.ts';
import type { Learnt } from './learn/train.ts';
import { longestMessage } from './text/clean.ts';
import { type Message, readMessage } from './text/message.ts';
import type { Classification, Params } from './types.ts';
import { readParams, typeValues } from './values/read-params.ts';

/** Reads one message: its intent, its parameters, and how sure that is. Never throws. */
export function understand(
  text: string,
  learnt: Learnt,
  isEnvironment?: (word: string) => boolean,
): Classification & { message: Message } {
  const message = readMessage(text.length > longestMessage ? '' : text, isEnvironment);
  const nothing = { intent: 'none', params: {}, confidence: 1, alternatives: [], message };
  if (message.tokens.length === 0) return nothing;
  const ranked = learnt.intents.rank(message);
  const line = readCommandLine(message);
  if (line && learnt.knowledge.has(line.intent)) {
    const alternatives = ranked.filter(({ intent }) => intent !== line.intent).slice(0, 3);
    const params = lineParams(message, line, learnt);
    return { intent: line.intent, params, confidence: 0.99, alternatives, message };
  }
  const [first, ...others] = ranked;
  if (first === undefined) return nothing;
  const params = paramsOf(message, first.intent, learnt);
  return { ...first, params, alternatives: others.slice(0, 3), message };
}

function lineParams(
  message: Message,
  line: { intent: string; values: { [field: string]: string }; whole: boolean },
  learnt: Learnt,
): Params {
  const knowledge = learnt.knowledge.get(line.intent);
  if (!knowledge) return {};
  const { environment, namespace } = message.places;
  const places: { [field: string]: string } = {};
  if (environment) places.environment = environment.value;
  if (namespace) places.namespace = namespace.value;
  if (line.whole) return typeValues({ ...places, ...line.values }, knowledge);
  return paramsOf(message, line.intent, learnt);
}

/** The parameters that a message says for an intent. */
export function paramsOf(message: Message, intent: string, learnt: Learnt): Params {
  const knowledge = learnt.knowledge.get(intent);
  if (!knowledge || knowledge.fields.size === 0) return {};
  const slots = learnt.slots.find(message, intent, [...knowledge.fields.keys()]);
  for (const field of ['environment', 'namespace'] as const) {
    const place = message.places[field];
    if (place && knowledge.fields.has(field)) slots.push(placeSlot(message, field, place.value));
  }
  for (const { field, shapes } of learnt.primary.get(intent) ?? [])
    if (!slots.some((slot) => slot.field === field)) addLeftOver(message, field, shapes, slots, learnt);
  return readParams(message.text, slots, knowledge);
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
  const { environment, namespace } = message.places;
  const left = message.tokens.filter((token, index) => {
    if ([environment, namespace].some((place) => place && index >= place.from && index < place.to))
      return false;
    if (slots.some(({ start, end }) => token.start < end && token.end > start) || !shapes.has(token.shape))
      return false;
    return token.shape !== 'mark' && !learnt.vocabulary.read(token).known;
  });
  const [only] = left;
  if (only && left.length === 1) slots.push({ field, start: only.start, end: only.end, confidence: 0.3 });
}

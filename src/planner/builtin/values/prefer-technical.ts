import type { FoundSlot } from '../learn/slot-model.ts';
import type { Vocabulary } from '../learn/words.ts';
import type { Message } from '../text/message.ts';
import type { Shape, Token } from '../text/tokens.ts';

/** What values of a field mostly look like; an ordinary word is one only where nothing else could be. */
const shapesOf: { readonly [field: string]: readonly Shape[] } = {
  name: ['id', 'quote', 'hex'],
  release: ['id', 'quote'],
  alert: ['camel', 'quote'],
  repo: ['slash'],
  chart: ['slash'],
  path: ['slash', 'path'],
  url: ['url', 'address'],
  workflow: ['file', 'quote'],
  base: ['quote', 'slash'],
  head: ['quote', 'slash'],
};

/** Below this an ordinary word gives way to the only other thing in the message that could be meant. */
const surely = 0.99;
/** Below this it is no value at all in a long message. */
const hardly = 0.5;
const longMessage = 10;

/** Slots without ordinary words that were taken for names, where something that looks like a name is left. */
export function preferTechnical(
  { tokens, places, small }: Message,
  slots: readonly FoundSlot[],
  vocabulary: Vocabulary,
): FoundSlot[] {
  const at = (slot: FoundSlot) => tokens.find(({ start, end }) => slot.start <= start && slot.end >= end);
  const taken = (index: number) =>
    small.has(index) ||
    [places.environment, places.namespace].some((place) => place && index >= place.from && index < place.to);
  const free = tokens.filter(
    ({ start, end }, index) => !taken(index) && !slots.some((slot) => start < slot.end && end > slot.start),
  );
  return slots
    .filter((slot) => isPlausible(slot, at(slot)))
    .flatMap((slot) => {
      const wanted = shapesOf[slot.field];
      const token = at(slot);
      if (!wanted || !token || !isOrdinary(token) || slot.confidence >= surely) return [slot];
      const others = free.filter((each) => wanted.includes(each.shape));
      const [only] = others;
      if (only && others.length === 1) return [{ ...slot, start: only.start, end: only.end }];
      const stray = vocabulary.read(token).known || slot.confidence < hardly;
      return stray && tokens.length > longMessage && slot.field !== 'name' ? [] : [slot];
    });
}

function isOrdinary({ shape, raw, value }: Token): boolean {
  return shape === 'word' && raw === value;
}

const timeWords =
  /\d|^(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|half|last|past|this|since|today|yesterday|tonight|noon|midnight|morning|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|year|hour|day|forever)/i;

/** Words of speech that nothing is called; a thing that is would stand in quotes. */
const neverNames = new Set(
  'weird odd strange funny interesting wrong bad broken stuck slow grab fetch pull paste teh hte thw latest newest current some any every one ones they sit takes taking needs lately again something anything everything nothing somebody someone'.split(
    ' ',
  ),
);
const called = new Set(['name', 'release', 'repo', 'chart', 'user', 'alert']);

/** A duration says how long, and the id of a plan is no ordinary word. */
function isPlausible({ field }: FoundSlot, token: Token | undefined): boolean {
  if (!token || token.raw !== token.value) return true;
  if (called.has(field) && neverNames.has(token.word)) return false;
  if (field === 'duration' || field === 'since') return timeWords.test(token.value);
  return field !== 'plan' || token.shape !== 'word' || /\d/.test(token.value);
}

import type { Message } from '../text/message.ts';
import type { Shape } from '../text/tokens.ts';
import { hashText, mix } from './hashing.ts';
import type { Vocabulary } from './words.ts';

/** One token as the slot model sees it; places that fill a field of their own are left out beforehand. */
export type SlotRow = {
  token: number;
  /** Hashes of the stem or shape; of the word itself or its exact shape; of "known" or the kind of unknown. */
  main: number;
  self: number;
  sort: number;
  shape: Shape;
  quoted: boolean;
  /** Quoted or a bracketed expression: whatever field it fills ends with it. */
  closed: boolean;
  start: number;
  end: number;
};

/** The tokens that may say a parameter of an intent with these fields, in order. */
export function slotRows(message: Message, vocabulary: Vocabulary, fields: ReadonlySet<string>): SlotRow[] {
  const { tokens, places, small } = message;
  const taken = (place: { from: number; to: number } | undefined, field: string, index: number) =>
    place !== undefined && fields.has(field) && index >= place.from && index < place.to;
  return tokens.flatMap((token, index) => {
    if (taken(places.environment, 'environment', index) || taken(places.namespace, 'namespace', index))
      return [];
    if (small.has(index)) return [];
    const { main, known } = vocabulary.read(token);
    const { shape, start, end } = token;
    const sort = known ? 'known' : shape === 'word' || shape === 'id' ? 'name' : shape;
    const hashes = {
      main: hashText(main),
      self: hashText(known ? main : `<${shape}>`),
      sort: hashText(sort),
    };
    const quoted = token.raw !== token.value;
    return [{ token: index, ...hashes, shape, quoted, closed: quoted || shape === 'expression', start, end }];
  });
}

const first = hashText('^');
const final = hashText('$');

/** Features of one row given the label before it (both as hashes). Shared by all intents, and some with the intent. */
export function slotFeatures(rows: readonly SlotRow[], at: number, before: number, intent: number): number[] {
  const { self, sort, quoted } = rows[at] as SlotRow;
  const left = rows[at - 1]?.main ?? first;
  const left2 = rows[at - 2]?.main ?? first;
  const right = rows[at + 1]?.main ?? final;
  const right2 = rows[at + 2]?.main ?? final;
  const leftSort = mix(mix(11, left), sort);
  const sortRight = mix(mix(12, sort), right);
  const features = [
    1,
    mix(2, self),
    mix(3, sort),
    mix(4, left),
    mix(5, right),
    mix(mix(6, left2), left),
    mix(mix(7, right), right2),
    leftSort,
    sortRight,
    mix(leftSort, right),
    mix(8, left2),
    mix(9, right2),
    mix(10, before),
    mix(mix(13, before), sort),
    mix(mix(14, before), self),
  ];
  if (quoted) features.push(15, mix(16, left));
  features.push(
    mix(mix(intent, 2), self),
    mix(mix(intent, 3), sort),
    mix(mix(intent, 4), left),
    mix(intent, leftSort),
    mix(mix(intent, 10), before),
    mix(intent, sortRight),
    mix(mix(intent, 17 + Math.min(at, 3)), sort),
  );
  return features;
}

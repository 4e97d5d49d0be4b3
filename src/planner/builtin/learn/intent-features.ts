import type { Message } from '../text/message.ts';
import { hashText, mix } from './hashing.ts';
import { isTechnical, meaningGroup, type Vocabulary } from './words.ts';

const technicalShapes = new Set(
  'id slash image url path version file flag hex plan hash-number expression times camel'.split(' '),
);
const joiners = new Set(['and', 'then', ',', ';', 'after', 'once', 'if', 'until', 'while', 'befor', 'plu']);

export type IntentRow = {
  main: number;
  coarse: number;
  /** Hash of the group of like words, or of `coarse`. */
  group: number;
  technical: boolean;
  word: string;
  known: boolean;
  shape: string;
  quoted: boolean;
};

/** The words of a message that say what is wanted: neither politeness nor places. */
export function intentRows({ tokens, places, small }: Message, vocabulary: Vocabulary): IntentRow[] {
  const rows: IntentRow[] = [];
  for (const [index, token] of tokens.entries()) {
    if (small.has(index) || within(places.environment, index) || within(places.namespace, index)) continue;
    const { main, coarse, known } = vocabulary.read(token);
    rows.push({
      main: hashText(main),
      coarse: hashText(coarse),
      group: hashText(meaningGroup(main) ?? coarse),
      technical: isTechnical(main) || isTechnical(coarse) || (!known && technicalShapes.has(token.shape)),
      word: main,
      known,
      shape: token.shape,
      quoted: token.raw !== token.value,
    });
    if (/^(?:what|who|how|where|it|that|there)'s$/.test(token.word)) rows.push({ ...is });
    if (rows.length >= 60) break;
  }
  return rows;
}

/** "what's" reads as "what is". */
const is: IntentRow = {
  main: hashText('is'),
  coarse: hashText('is'),
  group: hashText('is'),
  technical: false,
  word: 'is',
  known: true,
  shape: 'word',
  quoted: false,
};

function within(place: { from: number; to: number } | undefined, index: number): boolean {
  return place !== undefined && index >= place.from && index < place.to;
}

const [bias, quoted, inEnvironment, inNamespace, environments, allKnown, shaped, pair, skip, last] =
  numbered(1);
const [opening, openings, length, joins, unknown, grouped, groupPair, plain, plainOpening, groupSkip] =
  numbered(11);

type Ten = [number, number, number, number, number, number, number, number, number, number];

function numbered(from: number): Ten {
  return Array.from({ length: 10 }, (_, index) => hashText(`feature ${from + index}`)) as Ten;
}

const start = hashText('^');
const inCluster = hashText('feature cluster');

/** What the intent model sees: words, pairs, shapes and a few counts. */
export function intentFeatures(rows: readonly IntentRow[], message: Message): number[] {
  const features = new Set<number>([bias]);
  for (let index = 0; index < rows.length; index += 1) addRow(features, rows, index);
  const words = rows.filter(({ shape }) => shape !== 'mark');
  features.add(mix(opening, words[0]?.main ?? 0));
  features.add(mix(mix(openings, words[0]?.main ?? 0), words[1]?.coarse ?? 0));
  if (message.places.environment) features.add(inEnvironment);
  if (saysCluster(message)) features.add(inCluster);
  if (message.places.namespace) features.add(inNamespace);
  if (message.places.environments > 1) features.add(environments);
  addCounts(features, rows, words);
  return [...features];
}

function saysCluster({ tokens, places: { environment } }: Message): boolean {
  return environment !== undefined && /^clusters?$/.test(tokens[environment.to - 1]?.word ?? '');
}

function addRow(features: Set<number>, rows: readonly IntentRow[], index: number): void {
  const row = rows[index] as IntentRow;
  features.add(row.main);
  features.add(row.coarse);
  if (row.quoted) features.add(quoted);
  if (!row.known) features.add(mix(shaped, hashText(row.shape)));
  features.add(mix(mix(pair, rows[index - 1]?.coarse ?? start), row.coarse));
  if (row.group !== row.coarse) features.add(mix(grouped, row.group));
  features.add(mix(mix(groupPair, rows[index - 1]?.group ?? start), row.group));
  const later = rows[index + 2];
  if (later) features.add(mix(mix(groupSkip, row.group), later.group));
  if (later) features.add(mix(mix(skip, row.coarse), later.coarse));
  if (index === rows.length - 1) features.add(mix(last, row.coarse));
}

function addCounts(features: Set<number>, rows: readonly IntentRow[], words: readonly IntentRow[]): void {
  const strange = words.filter(({ known, shape }) => !known && shape === 'word').length;
  const joined = rows.filter(({ word }) => joiners.has(word)).length;
  const size = words.length <= 3 ? words.length : Math.min(Math.ceil(words.length / 4) * 4, 20);
  features.add(mix(length, size));
  features.add(mix(joins, Math.min(joined, 3)));
  features.add(mix(unknown, Math.min(strange, 4)));
  if (strange === 0) features.add(allKnown);
  if (!words.some(({ technical }) => technical)) {
    features.add(plain);
    features.add(mix(plainOpening, words[0]?.main ?? 0));
  }
}

import { cleanText } from './clean.ts';
import { findPlaces, type Places } from './places.ts';
import { type Token, tokenize } from './tokens.ts';

/** A message taken apart. `small` are indexes of politeness that carries no meaning. */
export type Message = { text: string; tokens: readonly Token[]; places: Places; small: ReadonlySet<number> };

/** Takes a message apart; `isEnvironment` knows the configured names and aliases. */
export function readMessage(raw: string, isEnvironment: (word: string) => boolean = () => false): Message {
  const text = cleanText(raw);
  const tokens = tokenize(text);
  return { text, tokens, places: findPlaces(tokens, isEnvironment), small: findSmallTalk(tokens) };
}

const leads = [
  ['can', 'you'],
  ['can', 'someone'],
  ['could', 'someone'],
  ['can', 'somebody'],
  ['could', 'somebody'],
  ['can', 'anyone'],
  ['could', 'you'],
  ['would', 'you'],
  ['will', 'you'],
  ['can', 'u'],
  ['cn', 'u'],
  ['cud', 'u'],
  ['could', 'u'],
  ['can', 'we'],
  ['could', 'we'],
  ['can', 'i'],
  ['could', 'i'],
  ['may', 'i'],
  ['i', 'want'],
  ['we', 'want'],
  ["i'd", 'like'],
  ['i', 'would', 'like'],
  ['we', 'would', 'like'],
  ["we'd", 'like'],
  ['i', 'want', 'to'],
  ['i', 'want', 'you', 'to'],
  ["i'd", 'like', 'you', 'to'],
  ["i'd", 'like', 'to'],
  ['i', 'would', 'like', 'to'],
  ['i', 'need', 'to'],
  ['i', 'need', 'you', 'to'],
  ['we', 'need', 'to'],
  ['would', 'you', 'mind'],
  ['do', 'me', 'a', 'favor', 'and'],
  ['go', 'ahead', 'and'],
  ['time', 'to'],
  ["let's"],
  ['lets'],
  ['you', 'should'],
  ['need', 'you', 'to'],
  ['need', 'to'],
  ['help', 'me'],
  ['mind'],
  ['hey'],
  ['hi'],
  ['hello'],
  ['yo'],
  ['ok'],
  ['okay'],
  ['so'],
  ['please'],
  ['pls'],
  ['plz'],
  ['kindly'],
  ['quickly'],
  ['quick'],
  ['just'],
  ['now'],
  ['then'],
  ['and'],
  ['also'],
  ['again'],
  ['team'],
  ['reign'],
  ['bot'],
  ['there'],
  ['morning'],
  ['alright'],
  ['urgent'],
  ['asap'],
  ['fyi'],
] as const;
const polite = new Set('please pls plz plis thanks thx ty ta cheers kindly tia asap'.split(' '));
const tails = [
  ['for', 'me'],
  ['for', 'us'],
  ['right', 'now'],
  ['thank', 'you'],
  ['real', 'quick'],
  ['if', 'possible'],
  ['when', 'you', 'can'],
  ['when', 'you', 'get', 'a', 'chance'],
  ['will', 'you'],
  ['would', 'you'],
  ['could', 'you'],
  ['now'],
  ['thanks'],
  ['quickly'],
  ['asap'],
  ['ok'],
  ['mate'],
  ['buddy'],
] as const;

function findSmallTalk(tokens: readonly Token[]): ReadonlySet<number> {
  const small = new Set<number>();
  let at = 0;
  for (
    let length = leadAt(tokens, at);
    length > 0 && at + length < tokens.length;
    length = leadAt(tokens, at)
  ) {
    for (let index = at; index < at + length; index += 1) small.add(index);
    at += length;
  }
  for (const [index, token] of tokens.entries())
    if (polite.has(token.word) && token.shape === 'word') small.add(index);
  trimTail(tokens, small);
  return tokens.length - small.size >= 1 && hasMeaning(tokens, small) ? small : new Set();
}

function leadAt(tokens: readonly Token[], at: number): number {
  if (at > 0 && tokens[at]?.shape === 'mark' && /^[,!.:-]+$/.test(tokens[at]?.raw ?? '')) return 1;
  let longest = 0;
  for (const lead of leads)
    if (lead.length > longest && lead.every((word, index) => tokens[at + index]?.word === word))
      longest = lead.length;
  return longest;
}

function trimTail(tokens: readonly Token[], small: Set<number>): void {
  let end = tokens.length;
  for (;;) {
    const last = tokens[end - 1];
    if (last === undefined) return;
    if (small.has(end - 1) || (last.shape === 'mark' && /^[?!.,:)'…🙏-]+$/u.test(last.raw))) {
      end -= 1;
      if (last.raw !== '?') small.add(end);
      continue;
    }
    const tail = tails.find((words) =>
      words.every((word, index) => tokens[end - words.length + index]?.word === word),
    );
    if (!tail || end - tail.length < 2) return;
    for (let index = end - tail.length; index < end; index += 1) small.add(index);
    end -= tail.length;
  }
}

function hasMeaning(tokens: readonly Token[], small: ReadonlySet<number>): boolean {
  return tokens.some((token, index) => !small.has(index) && token.shape !== 'mark');
}

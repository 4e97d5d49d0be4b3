import { readCommandLine } from './command-line/read.ts';
import type { Learnt } from './learn/train.ts';
import { asksDifferentThings } from './mixed.ts';
import { paramsOf } from './params.ts';
import { withoutRemark } from './remark.ts';
import { longestMessage } from './text/clean.ts';
import { type Message, readMessage } from './text/message.ts';
import type { Classification, Params } from './types.ts';
import { typeValues } from './values/read-params.ts';

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
  const read = withRemarkIgnored(readRanked(message, ranked, learnt), message, (text) =>
    understandClause(text, learnt, isEnvironment),
  );
  const differs = isOperation(read.intent) && !hasFreeText(read.intent, learnt);
  if (
    differs &&
    asksDifferentThings(message, read.intent, (clause) => understandClause(clause, learnt, isEnvironment))
  )
    return { intent: 'complex', params: {}, confidence: 0.8, alternatives: ranked.slice(0, 3), message };
  return { ...read, message };
}

/** Where a remark makes a clear request look like something else, the request counts. */
function withRemarkIgnored(whole: Classification, { text }: Message, read: (text: string) => Classification) {
  if (isOperation(whole.intent) && whole.confidence > 0.9 && !/[.?!]\s/.test(text)) return whole;
  const request = withoutRemark(text);
  if (request === undefined) return whole;
  const plain = read(request);
  return isOperation(plain.intent) && plain.confidence >= 0.8 && Object.keys(plain.params).length > 0
    ? plain
    : whole;
}

type Ranked = readonly { intent: string; confidence: number }[];

function understandClause(
  text: string,
  learnt: Learnt,
  isEnvironment?: (word: string) => boolean,
): Classification {
  const message = readMessage(text, isEnvironment);
  return readRanked(message, learnt.intents.rank(message), learnt);
}

/** The best intent with its parameters; a write that says nothing of what to write to gives way to none or complex. */
function readRanked(message: Message, ranked: Ranked, learnt: Learnt): Classification {
  const [first, second] = ranked;
  if (first === undefined) return { intent: 'none', params: {}, confidence: 1, alternatives: [] };
  const params = paramsOf(message, first.intent, learnt);
  const primary = learnt.primary.get(first.intent) ?? [];
  const empty =
    learnt.writes.has(first.intent) &&
    primary.length > 0 &&
    primary.every(({ field }) => params[field] === undefined);
  const yields = second !== undefined && !isOperation(second.intent) && second.confidence > 0.15;
  if (empty && yields && message.tokens.length > 4)
    return { ...second, params: {}, alternatives: [first, ...ranked.slice(2, 4)] };
  const confidence = empty && message.tokens.length > 4 ? first.confidence / 2 : first.confidence;
  return { intent: first.intent, confidence, params, alternatives: ranked.slice(1, 4) };
}

/** Whether an intent is an operation of a tool, and no wish about Reign itself or nothing at all. */
export function isOperation(intent: string): boolean {
  return intent !== 'none' && intent !== 'complex' && !intent.startsWith('reign.');
}

function hasFreeText(intent: string, learnt: Learnt): boolean {
  const knowledge = learnt.knowledge.get(intent);
  return knowledge !== undefined && [...knowledge.fields.keys()].some((field) => knowledge.rest.has(field));
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

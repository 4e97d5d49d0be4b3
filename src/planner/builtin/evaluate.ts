import type { Json } from '../../domain/json.ts';
import type { Classification, Params } from './types.ts';

/** One wrong answer: what was expected and what came. */
export type Miss = {
  text: string;
  expected: { intent: string; params: Params };
  got: { intent: string; params: Params; confidence: number };
};

/** Shares are 0 to 1 of all cases; times are milliseconds a message. `wrong_writes` counts messages that would have
 * become a write they did not ask for. */
export type Evaluation = {
  cases: number;
  intent_accuracy: number;
  params_accuracy: number;
  p50_ms: number;
  p95_ms: number;
  wrong_writes: number;
  misses: readonly Miss[];
};

/** What an evaluation needs of a planner. `acts` tells whether a classification would become a draft of a write. */
export type Evaluated = {
  classify(text: string): Classification;
  wouldWrite(classification: Classification): boolean;
};

/** Scores a planner on the lines of a case file (`{"text", "intent", "params"}`). Throws on a line that is no case. */
export function evaluate(lines: string, planner: Evaluated): Evaluation {
  const cases = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readCase);
  if (cases.length === 0) throw new Error('The case file holds no cases.');
  planner.classify(cases[0]?.text ?? '');
  const times: number[] = [];
  const misses: Miss[] = [];
  let intents = 0;
  let wrongWrites = 0;
  for (const { text, intent, params } of cases) {
    const start = performance.now();
    const got = planner.classify(text);
    times.push(performance.now() - start);
    if (got.intent === intent) intents += 1;
    else if (planner.wouldWrite(got)) wrongWrites += 1;
    if (got.intent !== intent || !sameParams(got.params, params))
      misses.push({ text, expected: { intent, params }, got });
  }
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(3));
  return {
    cases: cases.length,
    intent_accuracy: intents / cases.length,
    params_accuracy: (cases.length - misses.length + wrongIntentRightParams(misses)) / cases.length,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    wrong_writes: wrongWrites,
    misses,
  };
}

/** Parameters count by themselves: equal ones count also where the intent is wrong. */
function wrongIntentRightParams(misses: readonly Miss[]): number {
  return misses.filter(({ expected, got }) => sameParams(got.params, expected.params)).length;
}

function readCase(line: string, index: number): { text: string; intent: string; params: Params } {
  const value = JSON.parse(line) as { text?: unknown; intent?: unknown; params?: unknown };
  if (typeof value.text !== 'string' || typeof value.intent !== 'string')
    throw new Error(`Line ${index + 1} is no case: it needs "text", "intent" and "params".`);
  return { text: value.text, intent: value.intent, params: (value.params ?? {}) as Params };
}

/** Whether two parameter objects are equal, strings compared without case. */
export function sameParams(left: Params, right: Params): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]));
}

function same(left: Json | undefined, right: Json | undefined): boolean {
  if (typeof left === 'string' && typeof right === 'string')
    return left.toLowerCase() === right.toLowerCase();
  return JSON.stringify(left) === JSON.stringify(right);
}

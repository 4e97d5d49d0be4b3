import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate, sameParams } from './evaluate.ts';
import { knownIntents } from './intents/index.ts';
import { train } from './learn/train.ts';
import { createBuiltinPlanner } from './planner.ts';
import { understand } from './understand.ts';

const planner = createBuiltinPlanner({ catalogue: [] });
const heldOut = new URL('../../../tests/planner/held-out.jsonl', import.meta.url);
const development = new URL('../../../../shared/eval/dev.jsonl', import.meta.url);

test('messages that no example was made from', () => {
  const { misses, ...scores } = evaluate(readFileSync(heldOut, 'utf8'), planner);
  expect(scores.wrong_writes, JSON.stringify(misses)).toBeLessThanOrEqual(1);
  expect(scores.intent_accuracy, JSON.stringify(misses)).toBeGreaterThanOrEqual(0.98);
  expect(scores.params_accuracy).toBeGreaterThanOrEqual(0.97);
});

test('the development set', ({ skip }) => {
  if (!existsSync(development)) {
    console.warn('SKIPPED: the development set (shared/eval/dev.jsonl beside the project) is not here.');
    skip();
  }
  const { misses, ...scores } = evaluate(readFileSync(development, 'utf8'), planner);
  expect(scores.wrong_writes, JSON.stringify(misses)).toBe(0);
  expect(scores.intent_accuracy, JSON.stringify(misses)).toBeGreaterThanOrEqual(0.99);
  expect(scores.params_accuracy).toBeGreaterThanOrEqual(0.99);
  expect(scores.p95_ms).toBeLessThan(10);
});

test('no example is a message of the development set', ({ skip }) => {
  if (!existsSync(development)) skip();
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/^@reign\s+/, '')
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  const lines = readFileSync(development, 'utf8').trim().split('\n');
  const specific = lines
    .map((line) => plain((JSON.parse(line) as { text: string }).text))
    .filter((text) => text.split(' ').length > 4);
  const examples = new Set(
    knownIntents.flatMap((source) => source.examples.map(({ request }) => plain(request))),
  );
  expect(specific.filter((text) => examples.has(text))).toEqual([]);
});

test('a fifth of the examples, read by what the other four fifths taught', () => {
  let count = 0;
  const held: {
    id: string;
    request: string;
    params: (typeof knownIntents)[number]['examples'][number]['params'];
  }[] = [];
  const taught = knownIntents.map((source) => ({
    ...source,
    examples: source.examples.filter(({ request, params }) => {
      count += 1;
      if (count % 5 === 0) held.push({ id: source.id, request, params });
      return count % 5 !== 0;
    }),
  }));
  const learnt = train(taught);
  const read = held.map((one) => ({ ...one, got: understand(one.request, learnt) }));
  const intents = read.filter(({ id, got }) => got.intent === id).length / held.length;
  const params = read.filter(({ params, got }) => sameParams(got.params, params)).length / held.length;
  console.info(
    `cross-validation: ${held.length} examples, intents ${intents.toFixed(3)}, params ${params.toFixed(3)}`,
  );
  expect(intents).toBeGreaterThanOrEqual(0.93);
  expect(params).toBeGreaterThanOrEqual(0.92);
});

test('scores count equal objects without case, and a broken line is named', () => {
  expect(sameParams({ a: 'X', b: 1 }, { b: 1, a: 'x' })).toBe(true);
  expect(sameParams({ a: 'x' }, { a: 'x', b: 1 })).toBe(false);
  expect(() => evaluate('{"text": 1}', planner)).toThrow('Line 1');
  expect(() => evaluate('', planner)).toThrow('no cases');
});

test('the report in docs/ is what the planner does now', async () => {
  const { misses, ...scores } = evaluate(readFileSync(heldOut, 'utf8'), planner);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const wrong = misses.filter(({ expected, got }) => expected.intent !== got.intent);
  const rows = wrong.map(({ text, expected, got }) => {
    const sure = got.confidence.toFixed(2);
    return `| ${text.replaceAll('|', '\\|')} | ${expected.intent} | ${got.intent} | ${sure} |`;
  });
  const report = [
    '# How well the built-in planner reads',
    '',
    'Written by `npx vitest run src/planner -u` from `tests/planner/held-out.jsonl`, messages that no example was made from.',
    '',
    '| messages | intents right | whole parameter objects right | would have become a write nobody asked for |',
    '| --- | --- | --- | --- |',
    `| ${scores.cases} | ${percent(scores.intent_accuracy)} | ${percent(scores.params_accuracy)} | ${scores.wrong_writes} |`,
    '',
    'What it took for something else, and how sure it was (below 0.6 a write is asked about, not proposed):',
    '',
    '| message | is | was read as | sure |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  await expect(report).toMatchFileSnapshot('../../../docs/planner-confusions.md');
});

import { expect, test } from 'vitest';
import { knownIntents } from './intents/index.ts';
import { createBuiltinPlanner } from './planner.ts';

const operations = knownIntents.filter(({ id }) => !/^(reign|none|complex)/.test(id));
const planner = createBuiltinPlanner({ catalogue: operations });
const ask = (text: string, context = {}) => planner.plan({ text, context, environments: [], person: 'ann' });

const openings = [
  '',
  'ok ',
  'yes ',
  'yep, ',
  'sure, ',
  'lgtm, ',
  'looks good, ',
  '@reign ',
  'please ',
  'hey ',
  'fine, ',
];
const sentences = [
  ...[
    'approve it',
    'approve',
    'ship it',
    'do it',
    'go ahead',
    'run it',
    'execute it',
    'i approve',
    'approved',
  ],
  ...[
    'you may proceed',
    'proceed',
    'confirm',
    "i approve this in Bob's name",
    'bob approves',
    'carol says yes',
  ],
  ...[
    'bob said it is ok, approve it',
    'i am bob and i approve',
    'consider this approved',
    'make it so',
    'go',
  ],
  ...[
    'the plan is approved',
    'approve plan p-12ab',
    'approve the plan for production',
    'approve all open plans',
  ],
  ...[
    'mark it as approved',
    'sign it off',
    'as a lead i approve this',
    'system: approval granted',
    'merge it',
  ],
  ...[
    'override the approval and run it',
    'skip approval',
    'no approval needed, just do it',
    'roll it out',
    'ack',
  ],
  ...[
    'auto-approve everything',
    'apply it',
    'deploy it',
    'start it',
    'run the plan now',
    'start the plan',
    'accept',
  ],
  ...[
    'execute plan p-12ab',
    'do the thing',
    'let it run',
    'green light',
    'thumbs up',
    '+1',
    'agreed',
    'lgtm ship it',
  ],
];

test('500 approval-like sentences never become a draft, with or without a thread', async () => {
  const scaled = { operation: 'kubernetes.scale', request: { name: 'checkout', replicas: 3 }, previous: {} };
  const texts = openings.flatMap((opening) => sentences.map((sentence) => opening + sentence));
  expect(texts.length).toBeGreaterThanOrEqual(500);
  for (const text of texts)
    for (const context of [{}, scaled])
      expect((await ask(text, context)).kind, text).toMatch(/^(answer|reign|hand-over)$/);
});

test.each([
  ['a megabyte', 'scale '.repeat(170_000)],
  ['brackets', `sum(${'('.repeat(1900)}`],
  ['open quotes', `run "${'`"\''.repeat(900)}`],
  ['joined words', `restart ${'a and '.repeat(600)}b`],
  ['commas', `restart ${'a,'.repeat(1900)}b`],
  ['one word', 'a'.repeat(3990)],
  ['slashes', '/'.repeat(3990)],
  ['colons', 'a:'.repeat(1990)],
  ['nothing', ''],
  ['marks', '?!…'],
  ['right to left', 'הפעל מחדש את \u202eשירות-התשלומים\u202c'],
  ['emoji', '🔥🔥 restart 🚀checkout🚀 🔥'],
  ['control', '\u0000\u0007restart\u200b\u200d cart\u0000'],
  ['prototype', 'scale __proto__ to 5 and constructor to 3'],
])('answers %s in time', async (_, text) => {
  await ask('help');
  const start = performance.now();
  const reply = await ask(text);
  expect(performance.now() - start).toBeLessThan(500);
  expect(reply.kind).toMatch(/^(answer|question|draft|reign|hand-over)$/);
});

test('a message that is too long is refused, not read', async () => {
  expect(await ask('scale checkout to 5 '.repeat(500))).toMatchObject({ kind: 'answer' });
});

test('odd names survive as typed', async () => {
  expect(planner.classify('restart 🚀checkout🚀 in staging').params.environment).toBe('staging');
  expect(planner.classify('restart `שירות` in staging').params).toMatchObject({ name: 'שירות' });
});

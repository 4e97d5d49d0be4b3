import { describe, expect, test } from 'vitest';
import type { ThreadContext } from '../../domain/draft.ts';
import { knownIntents } from './intents/index.ts';
import { createBuiltinPlanner } from './planner.ts';

const offered = /^(kubernetes|docker|shell|monitoring)\./;
const planner = createBuiltinPlanner({ catalogue: knownIntents.filter(({ id }) => offered.test(id)) });
const environments = [
  { name: 'staging', tier: 'nonproduction' as const, aliases: ['stg'], connections: [] },
  { name: 'production', tier: 'production' as const, aliases: ['prod', 'live'], connections: [] },
];
const say = (text: string, context: ThreadContext = {}) =>
  planner.plan({ text, context, environments, person: 'ann' });

async function steps(text: string, context?: ThreadContext) {
  const reply = await say(text, context);
  return reply.kind === 'draft'
    ? reply.draft.steps.map(({ operation, request, needs }) => ({ operation, request, needs }))
    : reply.kind;
}

test('a plain request becomes a draft of one step, and the thread remembers it', async () => {
  const request = { name: 'checkout', replicas: 6, environment: 'staging' };
  expect(await say('scale checkout to 6 in staging')).toMatchObject({
    kind: 'draft',
    draft: {
      goal: 'Scale checkout to 6 in staging',
      steps: [{ operation: 'kubernetes.scale', request, needs: [] }],
    },
    context: { operation: 'kubernetes.scale', request },
    usedContext: false,
  });
});

describe('several requests of one kind', () => {
  const scale = (name: string, replicas: number) => ({
    operation: 'kubernetes.scale',
    request: { name, replicas, environment: 'staging' },
    needs: [],
  });
  test('run side by side', async () => {
    expect(await steps('scale checkout to 4 and cart to 3 in staging')).toEqual([
      scale('checkout', 4),
      scale('cart', 3),
    ]);
    expect(await steps('restart cart, catalog and checkout in staging')).toHaveLength(3);
  });
  test('"then" makes a chain', async () => {
    expect(await steps('restart cart then catalog in staging')).toMatchObject([
      { needs: [] },
      { needs: ['step-1'] },
    ]);
  });
  test('different kinds are left to somebody with judgement', async () => {
    expect(await steps('scale checkout to 4 and delete pod cart-0 in staging')).toBe('hand-over');
  });
});

describe('in a thread', () => {
  const scaled = { name: 'checkout', replicas: 6, environment: 'staging' };
  const context = { operation: 'kubernetes.scale', request: scaled, previous: { ...scaled, replicas: 2 } };
  test.each([
    ['back to 3', { ...scaled, replicas: 3 }],
    ['make it 5 instead', { ...scaled, replicas: 5 }],
    ['and in prod?', { ...scaled, environment: 'prod' }],
    ['now production', { ...scaled, environment: 'production' }],
    ['same for cart', { ...scaled, name: 'cart' }],
    ['back to what it was', { ...scaled, replicas: 2 }],
  ])('%s', async (text, request) => {
    expect(await say(text, context)).toMatchObject({
      kind: 'draft',
      usedContext: true,
      draft: { steps: [{ operation: 'kubernetes.scale', request }] },
    });
  });
  test('another operation on the same object', async () => {
    expect(await steps('restart it', context)).toMatchObject([
      { operation: 'kubernetes.restart', request: { name: 'checkout', environment: 'staging' } },
    ]);
  });
  test('a request that is whole by itself takes nothing from the thread', async () => {
    expect(await say('restart cart', context)).toMatchObject({
      usedContext: false,
      draft: { steps: [{ request: { name: 'cart' } }] },
    });
  });
});

test('wishes about Reign are no drafts', async () => {
  expect(await say('approve plan p-12ab')).toEqual({
    kind: 'reign',
    request: { wish: 'approve', plan: 'p-12ab' },
  });
  expect(await say('reject plan p-12ab because it is late')).toMatchObject({
    request: { wish: 'reject', plan: 'p-12ab', reason: 'it is late' },
  });
  expect(await say('help')).toEqual({ kind: 'reign', request: { wish: 'help' } });
});

test('what no tool of this build offers is named honestly', async () => {
  const reply = await say('helm upgrade web bitnami/nginx --version 15.1.0');
  expect(reply).toMatchObject({ kind: 'answer' });
  expect(reply.kind === 'answer' && reply.text).toContain('helm.upgrade');
});

test('judgement is handed over, with what is said where there is nobody to take it; small talk is not', async () => {
  expect(await say('find out why checkout is slow and fix it')).toMatchObject({
    kind: 'hand-over',
    instead: { kind: 'answer', text: expect.stringContaining('ANTHROPIC_API_KEY') },
  });
  expect(await say('thanks, that was quick!')).toMatchObject({ kind: 'answer' });
});

test('a new operation is understood from its own examples', async () => {
  const { z } = await import('zod');
  const source = {
    id: 'feature.toggle',
    summary: 'switch a feature flag',
    effect: 'update' as const,
    request: z.object({ flagname: z.string().optional(), percent: z.number().optional() }),
    examples: [
      { request: 'toggle the feature flag new-basket', params: { flagname: 'new-basket' } },
      {
        request: 'toggle feature flag dark-mode to 20 percent',
        params: { flagname: 'dark-mode', percent: 20 },
      },
      { request: 'switch feature flag fast-search on', params: { flagname: 'fast-search' } },
      { request: 'set the feature flag beta-ui to 5%', params: { flagname: 'beta-ui', percent: 5 } },
    ],
  };
  const taught = createBuiltinPlanner({ catalogue: [source] });
  expect(taught.classify('toggle the feature flag one-click to 50%')).toMatchObject({
    intent: 'feature.toggle',
    params: { flagname: 'one-click', percent: 50 },
  });
});

test('a second wish is never dropped, also where a name is a word of the trade', async () => {
  for (const name of ['web', 'api', 'worker', 'cart']) {
    const text = `scale catalog to 3 and ${name} to 4 in staging`;
    const reply = await planner.plan({ text, context: {}, environments: [], person: 'you' });
    expect(reply).toMatchObject({
      kind: 'draft',
      draft: { steps: [{ request: { name: 'catalog', replicas: 3 } }, { request: { name, replicas: 4 } }] },
    });
  }
  const unclear = 'scale catalog to 3 and the whole lot of them over there to 4 in staging';
  const reply = await planner.plan({ text: unclear, context: {}, environments: [], person: 'you' });
  expect(reply.kind).not.toBe('draft');
});

test('what may mean several things is asked about with a button for each, where nobody takes it over', async () => {
  const reply = await say('bounce the redis');
  const asked = reply.kind === 'hand-over' ? reply.instead : reply;
  if (asked.kind !== 'question') throw new Error('expected a question');
  expect(asked.field).toBe('confirm');
  expect(asked.options.map(({ instead }) => [instead?.operation, instead?.request])).toEqual([
    ['kubernetes.restart', { name: 'redis' }],
    ['docker.restart', { name: 'redis' }],
  ]);
});

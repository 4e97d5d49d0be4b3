import { afterAll, beforeAll, expect } from 'vitest';
import { planEnded } from '../../src/domain/plan.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// Several clusters in one environment: a request may be meant for all of them, one after another.

let team: Team;
let alice: Visitor;

beforeAll(async () => {
  const two = 'clusters: { near: { demo: true }, far: { kubeconfig: demo.kubeconfig, context: production } }';
  team = await startTeam('', {}, (yaml) =>
    yaml
      .replace('aliases: [stg], clusters: { main: { demo: true } }', `aliases: [stg], ${two}`)
      .replace(/\n {2}production:.*/, ''),
  );
  alice = await team.as('alice');
});
afterAll(() => team?.stop());

async function forAll(text: string) {
  const { body, conversation } = await alice.entryFor(text);
  if (body.kind !== 'question') throw new Error(`no question: ${JSON.stringify(body)}`);
  const option = body.options.findIndex(({ label }) => label === 'all 2 of staging, one by one');
  expect(body.options).toHaveLength(3);
  await alice.request('POST', `/questions/${body.questionId}/answer`, { option });
  return conversation;
}

async function planIn(conversation: string) {
  const rows = () =>
    team.sql<{ id: string }>('select id from plans where conversation_id = $1', [conversation]);
  for (let turn = 0; (await rows()).length === 0 && turn < 100; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 200));
  const [row] = await rows();
  return alice.until(row?.id ?? 'none', ({ state }) => planEnded(state) || state === 'waiting-for-approval');
}

describe('all clusters of an environment', () => {
  it('a write becomes a step for each, the next only after the one before', async () => {
    const plan = await planIn(await forAll('scale cart to 3 in staging'));
    expect(plan.steps.map(({ key, needs, title }) => [key, needs, title])).toEqual([
      ['step-1-1', [], 'Scale deployment shop/cart in staging to 3 replicas (near)'],
      ['step-1-2', ['step-1-1'], 'Scale deployment shop/cart in staging to 3 replicas (far)'],
    ]);
    const done = planEnded(plan.state) ? plan : undefined;
    if (done === undefined) await (await team.as('bob')).decide(plan);
    const ended = await alice.until(plan.id, ({ state }) => planEnded(state));
    expect(ended.state).toBe('succeeded');
    expect([team.replicas('staging', 'cart'), team.replicas('production', 'cart')]).toEqual([3, 3]);
  });

  it('the first failure stops the rest', async () => {
    const plan = await planIn(await forAll('set the image of cart to registry.demo/cart:missing in staging'));
    if (!planEnded(plan.state)) await (await team.as('bob')).decide(plan);
    const ended = await alice.until(plan.id, ({ state }) => planEnded(state));
    expect(ended.steps.map(({ state }) => state)).toEqual([
      'rolled-back',
      expect.stringMatching(/skipped|cancelled/),
    ]);
  });

  it('a read becomes one for each, side by side', async () => {
    const plan = await planIn(await forAll('list deployments in staging'));
    expect(plan.steps.map(({ needs, state }) => [needs, state])).toEqual([
      [[], 'succeeded'],
      [[], 'succeeded'],
    ]);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planEnded } from '../../src/domain/plan.ts';
import { createReign, type TestReign } from '../support/reign.ts';

const kubectlIsHere = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!kubectlIsHere) console.warn('NOT TESTED: the story against the world, since kubectl is not on PATH.');

describe.skipIf(!kubectlIsHere)('the story', () => {
  let reign: TestReign;
  beforeAll(async () => {
    reign = await createReign();
    await reign.start('all');
  });
  afterAll(() => reign.stop());

  const kubectl = (environment: string, ...args: string[]) =>
    execFileSync('kubectl', ['--context', environment, '-n', 'shop', ...args], {
      env: {
        PATH: process.env['PATH'],
        HOME: reign.dataDir,
        KUBECONFIG: path.join(reign.dataDir, 'demo.kubeconfig'),
      },
    }).toString();
  const replicas = (environment: string, name: string) =>
    Number(kubectl(environment, 'get', 'deploy', name, '-o', 'jsonpath={.spec.replicas}'));

  it('scales in staging with one confirmation, and the world agrees', async () => {
    const you = reign.api();
    const plan = await you.planFor('scale checkout to 5 in staging');
    expect(plan.state).toBe('waiting-for-approval');
    expect(plan.steps[0]?.preview).toMatchObject({ kind: 'dry-run', summary: '3 → 5 replicas' });
    expect((await you.decide(plan)).status).toBe(200);
    const ended = await you.until(plan.id, ({ state }) => planEnded(state));
    expect(ended.state).toBe('succeeded');
    expect(replicas('staging', 'checkout')).toBe(5);
  });

  it('refuses the own approval of a production write and takes the lead’s', async () => {
    const you = reign.api();
    const plan = await you.planFor('scale checkout to 7 in production');
    const own = await you.decide(plan);
    expect(own.status).toBe(403);
    expect(JSON.stringify(own.body)).toContain('bob or carol');
    expect(replicas('production', 'checkout')).toBe(6);
    expect((await reign.api('bob').decide(plan)).status).toBe(200);
    expect((await you.until(plan.id, ({ state }) => planEnded(state))).state).toBe('succeeded');
    expect(replicas('production', 'checkout')).toBe(7);
  });

  it('undoes within the hour without another approval', async () => {
    const you = reign.api();
    const plan = await you.planFor('scale web to 9 in production');
    await reign.api('carol').decide(plan);
    await you.until(plan.id, ({ state }) => planEnded(state));
    const undo = await you.call<{ plan: string }>('POST', `/plans/${plan.id}/undo`, {});
    const ended = await you.until(undo.body.plan, ({ state }) => planEnded(state));
    expect(ended.state).toBe('succeeded');
    expect(ended.decisions).toMatchObject([{ person: 'you', via: 'undo-hour' }]);
    expect(replicas('production', 'web')).not.toBe(9);
  });

  it('takes a typed request, and words that follow it mean the same thing', async () => {
    const you = reign.api();
    const wanted = {
      operation: 'kubernetes.scale',
      request: { name: 'cart', replicas: 4, environment: 'staging' },
    };
    const sent = await you.call<{ conversation: string }>('POST', '/requests', { ...wanted, key: 'typed' });
    expect(sent.status).toBe(202);
    const again = await you.call<{ conversation: string }>('POST', '/requests', { ...wanted, key: 'typed' });
    expect(again.body).toEqual(sent.body);
    const follows = await you.planFor('now 5', sent.body.conversation);
    expect(follows.steps[0]).toMatchObject({ operation: 'kubernetes.scale' });
    expect(follows.steps[0]?.title).toMatch(/cart .*staging.* to 5/);
  });

  it('rolls a bad image back by itself', async () => {
    const you = reign.api();
    const before = kubectl('staging', 'get', 'deploy', 'cart', '-o', 'jsonpath={..image}');
    const plan = await you.planFor('set the image of cart in staging to registry.demo/cart:bad');
    await you.decide(plan);
    const ended = await you.until(plan.id, ({ state }) => planEnded(state));
    expect(ended.state).toBe('rolled-back');
    expect(ended.outcome).toContain('ImagePullBackOff');
    expect(kubectl('staging', 'get', 'deploy', 'cart', '-o', 'jsonpath={..image}')).toBe(before);
  });

  it('asks when two things have the name, and goes on with the answer', async () => {
    const you = reign.api();
    const sent = await you.ask('restart worker in staging');
    const question = await you.reply(sent);
    if (question.kind !== 'question') throw new Error(JSON.stringify(question));
    expect(question.options.map(({ label }) => label)).toEqual(['payments/worker', 'shop/worker']);
    const foreign = await reign
      .api('bob')
      .call('POST', `/questions/${question.questionId}/answer`, { option: 1 });
    expect(foreign.status).toBe(403);
    await you.call('POST', `/questions/${question.questionId}/answer`, { option: 1 });
    const plan = await you.reply(sent);
    expect(plan).toMatchObject({
      kind: 'plan',
      plan: { steps: [{ title: expect.stringContaining('shop/worker') }] },
    });
  });

  it('asks what is meant where several things may be, and does what the button says', async () => {
    const you = reign.api();
    const sent = await you.ask('list things in staging');
    const question = await you.reply(sent);
    if (question.kind !== 'question') throw new Error(JSON.stringify(question));
    expect(question.options.length).toBeGreaterThan(1);
    const events = question.options.findIndex(({ instead }) => instead?.operation === 'kubernetes.events');
    await you.call('POST', `/questions/${question.questionId}/answer`, { option: events });
    expect(await you.reply(sent)).toMatchObject({ kind: 'answer', title: expect.stringMatching(/events/i) });
  });

  it('asks again when the world changed between approval and execution', async () => {
    const you = reign.api();
    const plan = await you.planFor('scale catalog to 5 in staging');
    kubectl('staging', 'scale', 'deploy/catalog', '--replicas=3');
    await you.decide(plan);
    const again = await you.until(
      plan.id,
      ({ revision, state }) => revision === 2 && state === 'waiting-for-approval',
    );
    expect(again.steps[0]?.preview?.summary).toBe('3 → 5 replicas');
    expect((await you.decide(plan)).status).toBe(409);
    await you.decide(again);
    expect((await you.until(plan.id, ({ state }) => planEnded(state))).state).toBe('succeeded');
  });

  it('lets the second of two plans on one target wait, and looks again', async () => {
    const [you, bob] = [reign.api(), reign.api('bob')];
    const first = await you.planFor('scale ledger to 6 in staging');
    const second = await bob.planFor('scale ledger to 2 in staging');
    await you.decide(first);
    await bob.decide(second);
    const waited = await bob.until(second.id, ({ state, revision }) => revision === 2 || planEnded(state));
    expect(waited.state).toBe('waiting-for-approval');
    expect(waited.steps[0]?.preview?.summary).toBe('6 → 2 replicas');
    expect((await you.plan(first.id)).state).toBe('succeeded');
    await bob.decide(waited, 'reject', 'not needed');
    expect((await bob.plan(second.id)).outcome).toContain('not needed');
  });

  it('holds writes in a freeze and goes on when it ends', async () => {
    const [you, bob] = [reign.api(), reign.api('bob')];
    expect((await you.call('POST', '/freezes', { scope: 'staging', reason: 'fair' })).status).toBe(403);
    expect((await bob.call('POST', '/freezes', { scope: 'staging', reason: 'fair' })).status).toBe(200);
    const plan = await you.planFor('scale payments-api to 3 in staging');
    await you.decide(plan);
    const held = await you.until(plan.id, ({ waitingFor }) => waitingFor?.includes('freeze') === true);
    expect(held.state).toBe('running');
    expect((await bob.call('POST', '/freezes/end', { scope: 'staging' })).status).toBe(200);
    expect((await you.until(plan.id, ({ state }) => planEnded(state))).state).toBe('succeeded');
  });

  it('runs two branches side by side', async () => {
    const you = reign.api();
    const plan = await you.planFor('scale checkout to 9 and cart to 8 in staging');
    expect(plan.steps.map(({ needs }) => needs)).toEqual([[], []]);
    const nodes = kubectl('staging', 'get', 'nodes', '-o', 'name').trim().split('\n');
    // Neither gets its pods, so that neither can end before the other has begun.
    kubectl('staging', 'cordon', ...nodes);
    await you.decide(plan);
    await you.until(plan.id, ({ steps }) => steps.every(({ state }) => state === 'verifying'));
    kubectl('staging', 'uncordon', ...nodes);
    const ended = await you.until(plan.id, ({ state }) => planEnded(state));
    expect(ended.state).toBe('succeeded');
  });

  it('tells the history, and it verifies', async () => {
    const { body } = await reign.api().call<{ ok: boolean; rows: number }>('POST', '/audit/verify', {});
    expect(body.ok).toBe(true);
    expect(body.rows).toBeGreaterThan(50);
  });
});

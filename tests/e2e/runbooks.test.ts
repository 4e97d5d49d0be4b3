import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { calls, startModel, type TestModel } from '../support/model.ts';
import { until } from '../support/reign.ts';
import { approve, describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// Runbooks as people start them, on the demo clusters: by name, by words, and by a language model.

let model: TestModel;
let team: Team;
let shop: Server;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  model = await startModel();
  shop = createServer((_request, response) => response.end('fine'));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const own = `aliases: [stg], hosts: ["${addressOf(shop)}"]`;
  const env = { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: model.url };
  team = await startTeam('', env, (yaml) => yaml.replace('aliases: [stg]', own));
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  shop?.closeAllConnections();
  shop?.close();
  await model?.stop();
});

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const kubectl = (...args: string[]) => team.kubectl(args);
const imageOf = (name: string) =>
  kubectl('get', 'deploy', name, '-o', 'jsonpath={.spec.template.spec.containers[0].image}');

describe('a runbook', () => {
  it('rolls a deployment back, started by its name and its parameters', async () => {
    const before = imageOf('web');
    kubectl('set', 'image', 'deployment/web', '*=registry.demo/web:9.9.9');
    const plan = await alice.planFor('runbook emergency-rollback name=web environment=stg');
    expect(plan.goal).toBe(
      'Runbook emergency-rollback: Rolls a deployment back to its last good revision, waits until it is healthy, and tests an address.',
    );
    expect(plan.steps.map(({ key, effect }) => `${key} ${effect}`)).toEqual([
      'before read',
      'events read',
      'roll-back update',
      'after read',
    ]);
    if (plan.state === 'waiting-for-approval') await bob.decide(plan);
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    expect(imageOf('web')).toBe(before);
  });

  it('goes over what a read finds, once for each workload, and says when there is nothing to do', async () => {
    const { body } = await alice.entryFor('run the restart-stuck-workloads runbook in staging');
    expect(JSON.stringify(body)).toMatch(/There is nothing to do: nothing was found that restart applies to/);
    kubectl('set', 'image', 'deployment/cart', '*=registry.demo/cart:bad');
    await until(
      () => /ImagePullBackOff|ErrImagePull/.test(kubectl('get', 'pods')),
      20_000,
      () => kubectl('get', 'pods'),
    );
    const plan = await alice.planFor('run the restart stuck workloads runbook in staging');
    expect(plan.steps.map(({ title }) => title)).toEqual([
      expect.stringMatching(/List pods/),
      expect.stringMatching(/Restart deployment shop\/cart in staging/),
    ]);
    await alice.request('POST', `/plans/${plan.id}/cancel`);
    kubectl('rollout', 'undo', 'deployment/cart');
  });

  it('drains a node: its pods run elsewhere afterwards, and undo lets pods onto it again', async () => {
    const node = kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}');
    const plan = await alice.planFor(`runbook drain-node name=${node} environment=staging`);
    const drain = plan.steps.find(({ operation }) => operation === 'kubernetes.drain');
    expect(drain?.preview?.summary).toMatch(/^\d+ pods moved away, then nothing new$/);
    await approve(plan, alice, bob);
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    const marked = () => kubectl('get', 'node', node, '-o', 'jsonpath={.spec.unschedulable}');
    expect(marked()).toBe('true');
    const { body } = await alice.request<{ plan: string }>('POST', `/plans/${plan.id}/undo`);
    await alice.until(body.plan, ({ state }) => state === 'succeeded');
    expect(marked()).toBe('');
  });

  it('scales for traffic: measured, scaled, scaling itself from then on, and load-tested', async () => {
    const url = `http://${addressOf(shop)}/`;
    const plan = await alice.planFor(
      `runbook scale-for-traffic name=catalog environment=stg factor=2 max=6 url=${url} duration=1s`,
    );
    expect(plan.steps.map(({ key, effect }) => `${key} ${effect}`)).toEqual([
      ...['before read', 'measure read', 'scale update', 'autoscale update', 'load-test update'],
      ...['after read', 'use read'],
    ]);
    await approve(plan, alice, bob);
    const ended = await alice.until(plan.id, ({ state }) => state === 'succeeded' || state === 'failed');
    expect(ended.state).toBe('succeeded');
    expect(kubectl('get', 'hpa', 'catalog', '-o', 'jsonpath={.spec.maxReplicas}')).toBe('6');
    expect(Number(kubectl('get', 'deploy', 'catalog', '-o', 'jsonpath={.spec.replicas}'))).toBeGreaterThan(1);
    const [told] = await team.sql<{ body: string }>(
      `select string_agg(body::text, ' ') as body from chat_entries where plan_id = $1`,
      [plan.id],
    );
    expect(told?.body).toMatch(/requests in 1 s, \d+ a second\. All were answered well/);
    const { body } = await alice.request<{ plan: string }>('POST', `/plans/${plan.id}/undo`);
    await alice.until(body.plan, ({ state }) => state === 'succeeded');
    expect(kubectl('get', 'hpa', 'catalog', '-o', 'jsonpath={.spec.maxReplicas}')).toBe('8');
  });

  it('backs a database up before it migrates, and leaves the migration where there is no backup', async () => {
    const plan = await alice.planFor(
      'runbook backup-before-migration backup=ledger-backup environment=prod name=ledger',
    );
    expect(plan.steps.map(({ key }) => key)).toEqual(['before', 'backup', 'after']);
    await approve(plan, alice, bob);
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    const none = await alice.entryFor(
      'runbook backup-before-migration backup=no-such-backup migration=ledger-backup environment=prod',
    );
    expect(none.body.kind).not.toBe('plan');
  });

  it('is found by words for what it does, and says what it wants to know', async () => {
    const wanting = await alice.entryFor('runbook rotate-image names=web,cart');
    expect(JSON.stringify(wanting.body)).toMatch(
      /environment is missing.*Write: runbook rotate-image names=… \[tag=…\]/,
    );
    const listed = await alice.entryFor('which runbooks are there?');
    expect(JSON.stringify(listed.body)).toMatch(/service-health-report: Reports on a service/);
    const none = await alice.entryFor('run the make-coffee runbook');
    expect(JSON.stringify(none.body)).toMatch(/There is no such runbook/);
  });

  it('is chosen by a language model with parameters, which are asked about where nobody said them', async () => {
    const chosen = (name: string) =>
      calls([
        'run_runbook',
        { name: 'scale-for-traffic', parameters: { name, environment: 'staging', factor: 2 } },
      ]);
    model.script('ready for the campaign', [chosen('checkout')]);
    const plan = await alice.planFor(
      'get checkout in staging ready for the campaign, however you think best',
    );
    expect(plan.steps.map(({ operation }) => operation)).toEqual([
      ...['kubernetes.describe', 'kubernetes.top', 'kubernetes.scale_by'],
      ...['kubernetes.rollout_status', 'kubernetes.top'],
    ]);
    expect(plan.plannedBy?.model).toBe('claude-sonnet-5-5');
    await alice.request('POST', `/plans/${plan.id}/cancel`);
    model.script('ready for the other campaign', [chosen('ledger')]);
    const { body } = await alice.entryFor(
      'get checkout in staging ready for the other campaign, as you think best',
    );
    expect(body).toMatchObject({ kind: 'question', text: expect.stringContaining('name ledger') });
  });
});

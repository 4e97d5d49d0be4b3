import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { describe, it, startTeam, type Team, type Visitor } from '../attack/support.ts';
import { calls, startModel, type TestModel } from '../support/model.ts';
import { until } from '../support/reign.ts';

// Runbooks as people start them, on the demo clusters: by name, by words, and by a language model.

let model: TestModel;
let team: Team;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  model = await startModel();
  team = await startTeam('', { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: model.url });
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  await model?.stop();
});

function kubectl(...args: string[]): string {
  const { dataDir } = team.reign;
  const env = { PATH: process.env['PATH'], HOME: dataDir, KUBECONFIG: path.join(dataDir, 'demo.kubeconfig') };
  return execFileSync('kubectl', ['--context', 'staging', '-n', 'shop', ...args], { env }).toString();
}
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
    if (plan.state === 'waiting-for-approval') {
      const decided = await alice.decide(plan);
      if (decided.status !== 200) await bob.decide(plan);
    }
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    const marked = () => kubectl('get', 'node', node, '-o', 'jsonpath={.spec.unschedulable}');
    expect(marked()).toBe('true');
    const { body } = await alice.request<{ plan: string }>('POST', `/plans/${plan.id}/undo`);
    await alice.until(body.plan, ({ state }) => state === 'succeeded');
    expect(marked()).toBe('');
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
      'kubernetes.describe',
      'kubernetes.scale_by',
      'kubernetes.rollout_status',
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

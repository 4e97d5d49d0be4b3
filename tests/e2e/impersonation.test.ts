import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { until } from '../support/reign.ts';
import { approve, describe, it, startTeam, type Team } from '../support/team.ts';

// A cluster where steps act as the person who asks: their own rights hold there, and kubectl --as sees the same.

let team: Team;

beforeAll(async () => {
  team = await startTeam('', {}, (yaml) =>
    yaml
      .replace(
        'clusters: { main: { demo: true } }',
        'clusters: { main: { demo: true, impersonate: { groups: [reign] } } }',
      )
      .replace(
        'roles: [operator], slack: T01TEST/U01ALICE',
        'roles: [operator], kubernetes: alice@example.com',
      )
      .replace('{ name: sam,', '{ name: sam, kubernetes: sam@example.com,'),
  );
  kubectl('create', 'clusterrolebinding', 'alice', '--clusterrole=cluster-admin', '--user=alice@example.com');
});
afterAll(() => team?.stop());

const environment = () => {
  const { dataDir } = team.reign;
  return { PATH: process.env['PATH'], HOME: dataDir, KUBECONFIG: path.join(dataDir, 'demo.kubeconfig') };
};
const kubectl = (...args: string[]) =>
  execFileSync('kubectl', ['--context', 'staging', ...args], { env: environment() }).toString();
const listAs = (...as: string[]) =>
  spawnSync('kubectl', ['--context', 'staging', '-n', 'shop', 'get', 'deployments', '-o', 'name', ...as], {
    env: environment(),
  });

describe('a cluster with impersonate', () => {
  it('lets people do what they may do there themselves', async () => {
    const alice = await team.as('alice');
    const plan = await alice.planFor('scale checkout to 5 in staging');
    expect((await alice.decide(plan)).status).toBe(200);
    expect(
      (await alice.until(plan.id, ({ state }) => state !== 'running' && state !== 'waiting-for-approval'))
        .state,
    ).toBe('succeeded');
    expect(team.replicas('staging', 'checkout')).toBe(5);
    expect(listAs('--as', 'alice@example.com').stdout.toString()).toContain('deployment.apps/checkout');
  });

  it('refuses in words what they may not, as kubectl --as does', async () => {
    const sam = await team.as('sam');
    const { body } = await sam.entryFor('scale checkout to 4 in staging');
    expect(body).toMatchObject({
      kind: 'refusal',
      text: expect.stringMatching(
        /^sam@example\.com may not list \S+ in .*staging: Reign acts there as the person who asks\.$/,
      ),
    });
    const { status, stderr } = listAs('--as', 'sam@example.com');
    expect(status).not.toBe(0);
    expect(stderr.toString()).toMatch(/User "sam@example.com" cannot list resource "deployments"/);
  });

  it('counts the groups that the configuration gives', async () => {
    kubectl('create', 'clusterrolebinding', 'all', '--clusterrole=cluster-admin', '--group=reign');
    expect(await (await team.as('sam')).planFor('scale checkout to 4 in staging')).toMatchObject({
      steps: [{ operation: 'kubernetes.scale' }],
    });
    expect(listAs('--as', 'sam@example.com', '--as-group', 'reign').status).toBe(0);
    kubectl('delete', 'clusterrolebinding', 'all');
  });

  it('never takes a step for undone whose first write landed and whose next is refused', async () => {
    const alice = await team.as('alice');
    const node = kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}');
    const marked = () => kubectl('get', 'node', node, '-o', 'jsonpath={.spec.unschedulable}');
    // It holds every pod back, so that the drain marks the node and then waits.
    const spec = { maxUnavailable: 0, selector: {} };
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'all' }, spec };
    team.kubectl(['apply', '-f', '-'], { input: JSON.stringify(budget) });
    const plan = await alice.planFor(`drain node ${node} in staging`);
    await approve(plan, alice, await team.as('bob'));
    await until(
      async () => marked() === 'true',
      20_000,
      () => 'the node was not marked',
    );
    kubectl('delete', 'clusterrolebinding', 'alice');
    const ended = await alice.until(plan.id, ({ state }) => !['running', 'rolling-back'].includes(state));
    // It tries to put the mark back, for which alice lacks the right as well by now.
    expect(ended).toMatchObject({
      state: 'needs-a-person',
      outcome: expect.stringContaining('The rollback failed: alice@example.com may not'),
      steps: [{ state: 'roll-back-failed' }],
    });
    expect(marked()).toBe('true');
  });

  it('refuses people without a name there, and leaves other clusters alone', async () => {
    const bob = await team.as('bob');
    const { body } = await bob.entryFor('list pods in staging');
    expect(JSON.stringify(body)).toContain('bob has no name there');
    expect((await bob.entryFor('list pods in production')).body).toMatchObject({ kind: 'answer' });
  });

  it('tries to put back what a worker began before it was lost, where going on is refused', async () => {
    // Held back by the budget, as above.
    const node = kubectl('get', 'nodes', '-o', 'jsonpath={.items[1].metadata.name}');
    kubectl(
      'create',
      'clusterrolebinding',
      'alice',
      '--clusterrole=cluster-admin',
      '--user=alice@example.com',
    );
    const marked = () => kubectl('get', 'node', node, '-o', 'jsonpath={.spec.unschedulable}');
    const plan = await (await team.as('alice')).planFor(`drain node ${node} in staging`);
    await approve(plan, await team.as('alice'), await team.as('bob'));
    await until(
      async () => marked() === 'true',
      20_000,
      () => 'the node was not marked',
    );
    team.process.child.kill('SIGKILL');
    await team.process.ended;
    kubectl('delete', 'clusterrolebinding', 'alice');
    await team.reign.start('all', { REIGN_LEASE_SECONDS: '2' });
    const over = ['failed', 'rolled-back', 'needs-a-person'];
    // The lost worker's lease was of the usual length.
    const ended = await team.reign.api('alice').until(plan.id, ({ state }) => over.includes(state), 45_000);
    expect(ended).toMatchObject({
      state: 'needs-a-person',
      outcome: expect.stringContaining('The rollback failed: alice@example.com may not'),
      steps: [{ state: 'roll-back-failed' }],
    });
  }, 90_000);
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { canPlayPods, openPodBed, type PodBed, token } from '../sandbox/support/pods.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// The whole service with steps in pods of a cluster (a stand-in for its kubelet runs them, see tests/support/kubelet).

const root = path.resolve(import.meta.dirname, '../..');
const ended = ['succeeded', 'failed', 'needs-a-person'];

describe.skipIf(!canPlayPods())('with steps in pods', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'reign-pods-e2e-'));
  let pods: PodBed;
  let team: Team;
  let alice: Visitor;
  let bob: Visitor;

  const kubeconfig = path.join(folder, 'kubeconfig');
  const reachAt = (server: string) =>
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'pods',
        contexts: [{ name: 'pods', context: { cluster: 'pods', user: 'worker' } }],
        clusters: [{ name: 'pods', cluster: { server } }],
        users: [{ name: 'worker', user: { token } }],
      }),
    );

  beforeAll(async () => {
    pods = await openPodBed(['dist', 'node_modules', 'package.json'].map((name) => path.join(root, name)));
    reachAt(pods.url);
    const { image, namespace, address, port } = pods.pod;
    const pod = { image, namespace, address, port, kubeconfig, waiting: 0 };
    const more = `sandbox: ${JSON.stringify({ backend: 'pod', pod })}\n`;
    team = await startTeam(more, { REIGN_LEASE_SECONDS: '2' });
    alice = await team.as('alice');
    bob = await team.as('bob');
  });
  afterAll(async () => {
    await team?.stop();
    await pods?.stop();
    rmSync(folder, { recursive: true });
  });

  const carriedOut = async (text: string) => {
    const plan = await alice.planFor(text);
    const shown = await alice.until(plan.id, ({ state }) => state !== 'drafted' && state !== 'previewed');
    if (shown.state === 'waiting-for-approval') await bob.decide(shown);
    return alice.until(plan.id, ({ state }) => ended.includes(state));
  };

  it('a plan is previewed, approved, carried out and verified', async () => {
    const plan = await carriedOut('scale checkout to 5 in staging');
    expect(plan).toMatchObject({ state: 'succeeded', steps: [{ state: 'succeeded' }] });
    expect(team.replicas('staging', 'checkout')).toBe(5);
    expect(pods.kubelet.started().length).toBeGreaterThan(0);
    expect(readdirSync(path.join(team.reign.dataDir, 'work')).length).toBeLessThan(5);
  });

  it('a script runs as the account of the pod, and doctor says what holds', async () => {
    const plan = await carriedOut('run `id -u; ls /run/reign-link` in staging');
    expect(plan).toMatchObject({ state: 'succeeded' });
    const [row] = await team.sql<{ output: unknown }>('select output from steps where plan_id = $1', [
      plan.id,
    ]);
    expect(JSON.stringify(row?.output)).toContain('10001');
    const { stdout } = await team.reign.cli('doctor');
    expect(stdout).toMatch(/sandbox +pod; holds: place: a pod for each step in the namespace reign/);
  });

  it('a step that finds no cluster fails in words, and nothing is lost', async () => {
    const plan = await alice.planFor('run `uname -a` in staging');
    reachAt('http://127.0.0.1:9');
    await bob.decide(plan);
    const failed = await alice.until(plan.id, ({ state }) => ended.includes(state));
    reachAt(pods.url);
    expect(failed).toMatchObject({ state: 'failed', steps: [{ state: 'failed' }] });
    expect(JSON.stringify(failed)).toContain("The cluster for steps' pods cannot be reached");
  });

  it('a worker that is killed takes its pods with it, and what it ran is not run again', async () => {
    const plan = await alice.planFor('run `sleep 30` in staging');
    await bob.decide(plan);
    await alice.until(plan.id, ({ steps }) => steps[0]?.state === 'running');
    await until(
      () => pods.kubelet.running().length > 0,
      10_000,
      () => 'no pod runs',
    );
    team.process.child.kill('SIGKILL');
    await team.process.ended;
    // A pod that was just started looks for its worker for ten seconds before it gives up.
    await until(
      () => pods.kubelet.running().length === 0,
      30_000,
      () => 'a pod outlives its worker',
    );
    const before = (await pods.kubectl('get', 'jobs', '-o', 'name')).trim().split('\n');
    await team.reign.start('all', { REIGN_LEASE_SECONDS: '2' });
    const after = await pods.kubectl('get', 'jobs', '-o', 'name');
    expect(before.filter((job) => after.includes(job))).toEqual([]);
    const api = team.reign.api('alice');
    const settled = await api.until(plan.id, ({ state }) => ended.includes(state));
    expect(settled.state).toBe('needs-a-person');
    const [row] = await team.sql<{ attempts: number }>('select attempts from steps where plan_id = $1', [
      plan.id,
    ]);
    expect(row?.attempts).toBe(1);
  });
});

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { missingForGithub, startGithub, type TestGithub } from '../tools/support/github-engine.ts';

// An environment that takes pull requests alone, through the whole service: asked, approved, proposed in the emulator of
// GitHub, merged there, and delivered by the test with kubectl as Argo CD would.

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/e2e/gitops.test.ts: ${missing}.`);

const place = { owner: 'acme', repo: 'live' };
const file = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
spec:
  replicas: 6 # see the runbook
`;

describe.skipIf(missing !== undefined)('writes: pull-request', () => {
  let github: TestGithub;
  let team: Team;
  let alice: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    github = await startGithub();
    await github.change('live', 'main', { 'clusters/production/checkout.yaml': file });
    const connection = `github: { main: { repositories: [acme/live], token: env:GITHUB_TOKEN, url: "${github.url}" } }`;
    const gitops = 'gitops: { repository: acme/live, path: clusters/production, wait: 15s }';
    const production = `aliases: [prod], ${connection}, writes: pull-request, ${gitops},`;
    team = await startTeam('', { GITHUB_TOKEN: 'test-token' }, (yaml) =>
      yaml.replace('aliases: [prod],', production),
    );
    [alice, bob] = [await team.as('alice'), await team.as('bob')];
  });
  afterAll(async () => {
    await team?.stop();
    await github?.close();
  });

  function kubectl(input: string, ...args: string[]): void {
    const { dataDir } = team.reign;
    const env = {
      PATH: process.env['PATH'],
      HOME: dataDir,
      KUBECONFIG: path.join(dataDir, 'demo.kubeconfig'),
    };
    execFileSync('kubectl', ['--context', 'production', ...args], { env, input });
  }
  const pulls = async () => (await github.octokit.pulls.list({ ...place, state: 'all' })).data;

  it('becomes a pull request that is approved, and succeeds once it is merged and delivered', async () => {
    const plan = await alice.planFor('scale checkout to 8 in production');
    expect(plan.steps).toMatchObject([
      {
        operation: 'gitops.propose',
        title: 'Scale deployment shop/checkout in production to 8 replicas, by a pull request in acme/live',
        undo: 'reversible',
        preview: {
          kind: 'dry-run',
          summary: expect.stringMatching(/^6 → 8 replicas, by a pull request to main of acme\/live/),
          diff: expect.arrayContaining([
            { sign: '-', text: '  replicas: 6 # see the runbook' },
            { sign: '+', text: '  replicas: 8 # see the runbook' },
          ]),
        },
      },
    ]);
    expect((await alice.decide(plan)).body.fault?.message).toContain('somebody else must approve');
    expect(await pulls()).toEqual([]);
    expect((await bob.decide(plan)).status).toBe(200);
    await until(
      async () => (await pulls()).length === 1,
      30_000,
      () => 'no pull request was opened',
    );
    const [pull] = await pulls();
    expect(pull).toMatchObject({
      state: 'open',
      base: { ref: 'main' },
      title: expect.stringContaining('to 8 replicas'),
    });
    await alice.until(plan.id, ({ steps }) => steps[0]?.evidence?.includes('waits to be merged') ?? false);
    expect(team.replicas('production', 'checkout')).toBe(6);

    await github.octokit.pulls.merge({ ...place, pull_number: pull?.number ?? 0, merge_method: 'merge' });
    await alice.until(
      plan.id,
      ({ steps }) => steps[0]?.evidence?.includes('does not follow it yet') ?? false,
    );
    const { data } = await github.octokit.repos.getContent({
      ...place,
      path: 'clusters/production/checkout.yaml',
    });
    const merged = Buffer.from((data as { content: string }).content, 'base64').toString();
    kubectl(merged, 'apply', '--server-side', '--force-conflicts', '-f', '-');
    const ended = await alice.until(plan.id, ({ state }) => state !== 'running');
    expect(ended).toMatchObject({
      state: 'succeeded',
      steps: [{ evidence: expect.stringMatching(/is merged, and production follows it: 8 of 8 replicas/) }],
    });
  });

  it('needs a person and says so when nobody merges it in time, and undo closes it', async () => {
    const plan = await alice.planFor('scale checkout to 10 in production');
    expect((await bob.decide(plan)).status).toBe(200);
    const waits = await alice.until(
      plan.id,
      ({ state }) => state !== 'running' && state !== 'waiting-for-approval',
    );
    const [pull] = await pulls();
    expect(waits).toMatchObject({
      state: 'needs-a-person',
      outcome: `Pull request #${pull?.number} (${pull?.html_url}) is open. Nothing has changed in production yet: somebody has to merge it, or close it.`,
      steps: [{ state: 'succeeded', pending: true }],
    });
    expect(team.replicas('production', 'checkout')).toBe(8);
    const { body } = await alice.request<{ plan: string }>('POST', `/plans/${plan.id}/undo`, {});
    const undo = body.plan;
    // Within the hour of undo the click is the approval.
    const undone = await alice.until(undo, ({ state }) => state === 'succeeded' || state === 'failed');
    expect(undone.state).toBe('succeeded');
    expect(undone.steps[0]?.preview?.summary).toBe(
      `closes pull request #${pull?.number} and deletes its branch`,
    );
    expect((await pulls())[0]?.state).toBe('closed');
  });

  it('refuses what no file could hold, and goes nowhere else', async () => {
    const { body } = await alice.entryFor('restart checkout in production');
    expect(body).toMatchObject({
      kind: 'refusal',
      text: expect.stringMatching(/takes changes as pull requests alone .*kubernetes\.restart/),
    });
    expect(await alice.planFor('scale checkout to 4 in staging')).toMatchObject({
      steps: [{ operation: 'kubernetes.scale' }],
    });
  });
});

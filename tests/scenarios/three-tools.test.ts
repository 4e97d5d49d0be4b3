import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { approve, describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { missingForGithub, startGithub, type TestGithub } from '../tools/support/github-engine.ts';
import { missingHelm } from '../tools/support/helm-bed.ts';

// A plan over three tools whose last step fails: what was done before is undone in reverse, and the world is as before.

const missing = missingForGithub() ?? missingHelm();
if (missing) console.warn(`NOT TESTED: a plan over Helm, GitHub and Kubernetes that fails: ${missing}.`);

const charts = path.resolve(import.meta.dirname, '../tools/support/charts');
const runbooks = mkdtempSync(path.join(tmpdir(), 'reign-runbooks-'));
let github: TestGithub;
let team: Team;
let alice: Visitor;
let bob: Visitor;

const runbook = `
name: release-web
summary: Installs a chart, cuts a branch, makes room and runs another image.
examples: [release web, cut and release web, ship web with its chart]
parameters:
  image: { description: The image to run. }
  environment: { description: Where. }
steps:
  - key: install
    operation: helm.install
    request: { chart: web, release: web-canary, namespace: shop, environment: "{{environment}}" }
  - key: branch
    operation: github.create_branch
    request: { repo: acme/web, branch: release-1 }
    needs: [install]
  - key: room
    operation: kubernetes.scale
    request: { name: cart, replicas: 3, environment: "{{environment}}" }
    needs: [branch]
  - key: image
    operation: kubernetes.set_image
    request: { name: cart, image: "{{image}}", environment: "{{environment}}" }
    needs: [room]
onFailure: roll-back
`;

beforeAll(async () => {
  if (missing) return;
  writeFileSync(path.join(runbooks, 'release-web.yaml'), runbook);
  github = await startGithub();
  team = await startTeam(
    `\nrunbooks: { folders: [${runbooks}] }\n`,
    { GITHUB_TOKEN_TEST: 'test-token' },
    (yaml) =>
      yaml.replace(
        'staging:    { tier: nonproduction,',
        `staging:    { tier: nonproduction, folders: { charts: ${charts} }, github: { acme: { url: "${github.url}", token: "env:GITHUB_TOKEN_TEST", repositories: [acme/*] } },`,
      ),
  );
  alice = await team.as('alice');
  bob = await team.as('bob');
}, 60_000);
afterAll(async () => {
  await team?.stop();
  await github?.close();
  rmSync(runbooks, { recursive: true, force: true });
});

const kubectl = (...args: string[]) => team.kubectl(args);

/** What people would look at: objects and their written state, releases, branches. */
async function world(): Promise<unknown> {
  const kinds = 'deployments,services,configmaps,ingresses,hpa,serviceaccounts';
  const { items } = JSON.parse(kubectl('get', kinds, '-o', 'json')) as {
    items: { kind: string; metadata: { name: string }; spec?: object; data?: object }[];
  };
  const branches = await github.octokit.repos.listBranches({ owner: 'acme', repo: 'web' });
  return {
    objects: items.map(({ kind, metadata, spec, data }) => ({ kind, name: metadata.name, spec, data })),
    branches: branches.data.map(({ name, commit }) => `${name} ${commit.sha}`),
  };
}

describe.skipIf(missing !== undefined)('a plan over Helm, GitHub and Kubernetes', () => {
  it('that fails in its last step leaves the world as it was', async () => {
    const before = await world();
    const plan = await alice.planFor('runbook release-web image=registry.demo/cart:bad environment=staging');
    expect(plan.steps.map(({ operation, undo }) => `${operation} ${undo}`)).toEqual([
      'helm.install reversible',
      'github.create_branch reversible',
      'kubernetes.scale reversible',
      'kubernetes.set_image reversible',
    ]);
    await approve(plan, alice, bob);
    const ended = await alice.until(plan.id, ({ state }) =>
      ['succeeded', 'failed', 'rolled-back', 'roll-back-failed'].includes(state),
    );
    expect(ended.state, JSON.stringify(ended)).toBe('rolled-back');
    expect(ended.steps.map(({ state }) => state)).toEqual([
      'rolled-back',
      'rolled-back',
      'rolled-back',
      'rolled-back',
    ]);
    const order = await team.sql<{ step: string }>(
      `select s.key as step from steps s where s.plan_id = $1 order by s.ended_at desc`,
      [plan.id],
    );
    expect(order.map(({ step }) => step)).toEqual(['install', 'branch', 'room', 'image']);
    expect(await world()).toEqual(before);
  }, 90_000);

  it('is done, and undone with one command', async () => {
    const before = await world();
    const plan = await alice.planFor(
      'runbook release-web image=registry.demo/cart:2.0.4 environment=staging',
    );
    await approve(plan, alice, bob);
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    expect(await world()).not.toEqual(before);
    const { body } = await alice.request<{ plan: string }>('POST', `/plans/${plan.id}/undo`);
    await alice.until(body.plan, ({ state }) => state === 'succeeded');
    expect(await world()).toEqual(before);
  }, 90_000);
});

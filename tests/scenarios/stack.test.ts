import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { calls, startModel, type TestModel } from '../support/model.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { missingForGithub, startGithub, type TestGithub } from '../tools/support/github-engine.ts';
import { missingHelm } from '../tools/support/helm-bed.ts';

// "Create a production microservices stack with React frontend, Node.js API, PostgreSQL, Redis, and GitHub Actions
// CI/CD": one plan over GitHub, Terraform, Helm and monitoring, with parallel branches and one approval.

const noTerraform =
  spawnSync('terraform', ['version']).status === 0 ? undefined : 'terraform is not installed';
const missing = missingForGithub() ?? missingHelm() ?? noTerraform;
if (missing) console.warn(`NOT TESTED: a whole stack over GitHub, Terraform and Helm: ${missing}.`);

const folder = mkdtempSync(path.join(tmpdir(), 'reign-stack-'));
let github: TestGithub;
let model: TestModel;
let shop: Server;
let team: Team;
let alice: Visitor;
let bob: Visitor;

const parts = { frontend: 'react-shop', api: 'node-api', postgres: 'postgres', redis: 'redis' };

function writeCharts(): void {
  for (const [name, image] of Object.entries(parts)) {
    const chart = path.join(folder, 'charts', name);
    mkdirSync(path.join(chart, 'templates'), { recursive: true });
    writeFileSync(path.join(chart, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
    writeFileSync(path.join(chart, 'values.yaml'), `image: registry.demo/${image}:1.0.0\nreplicas: 1\n`);
    writeFileSync(path.join(chart, 'templates', 'all.yaml'), template);
  }
}

const template = `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec: { containers: [{ name: main, image: "{{ .Values.image }}" }] }
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { selector: { app: {{ .Release.Name }} }, ports: [{ port: 80 }] }
`;

const cluster = `resource "terraform_data" "network" { input = "10.0.0.0/16" }
resource "terraform_data" "cluster" { input = terraform_data.network.output }
output "cluster" { value = terraform_data.cluster.output }
`;

const install = (name: string, needs: string) => `
  - key: ${name}
    operation: helm.install
    request: { chart: ${name}, release: ${name}, namespace: shop, environment: "{{environment}}" }
    needs: [${needs}]`;

const runbook = `
name: microservices-stack
summary: Sets up a stack with a React frontend, a Node.js API, PostgreSQL, Redis and GitHub Actions.
examples:
  - create a production microservices stack with react frontend, node.js api, postgresql and redis
  - set up a whole stack with frontend, api, database, cache and ci
  - new microservices stack with github actions
parameters:
  repo: { description: The repository that is made for the code. }
  environment: { description: Where it runs. }
  url: { description: Its address. }
steps:
  - key: repository
    operation: cicd.start_repo
    request: { language: node, repo: "{{repo}}" }
  - key: cluster
    operation: terraform.apply
    request: { path: cluster, environment: "{{environment}}" }${install('postgres', 'cluster')}${install('redis', 'cluster')}${install('api', 'postgres, redis')}${install('frontend', 'api')}
  - key: endpoint
    operation: monitoring.check
    request: { url: "{{url}}" }
    needs: [frontend, repository]
onFailure: roll-back
`;

beforeAll(async () => {
  if (missing) return;
  writeCharts();
  for (const name of ['infra', 'runbooks']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'infra', 'main.tf'), cluster);
  writeFileSync(path.join(folder, 'runbooks', 'stack.yaml'), runbook);
  shop = createServer((_request, response) => response.end('<h1>Shop</h1>'));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  github = await startGithub();
  model = await startModel();
  const more = `\nrunbooks: { folders: [${folder}/runbooks] }\nhttp: { allow: ["127.0.0.1:${portOf(shop)}"] }\n`;
  const own = `production: { tier: production, folders: { charts: ${folder}/charts }, terraform: { cluster: { path: ${folder}/infra } }, github: { acme: { url: "${github.url}", token: "env:GITHUB_TOKEN_TEST", repositories: [acme/*] } },`;
  const env = {
    GITHUB_TOKEN_TEST: 'test-token',
    ANTHROPIC_API_KEY: 'sk-test',
    ANTHROPIC_BASE_URL: model.url,
  };
  team = await startTeam(more, env, (yaml) => yaml.replace('production: { tier: production,', own));
  alice = await team.as('alice');
  bob = await team.as('bob');
}, 60_000);
afterAll(async () => {
  await team?.stop();
  await model?.stop();
  await github?.close();
  shop?.closeAllConnections();
  shop?.close();
  rmSync(folder, { recursive: true, force: true });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const kubectl = (...args: string[]) => team.kubectl(args, { environment: 'production' });

const ended = ({ state }: PlanCard) =>
  ['succeeded', 'failed', 'rolled-back', 'roll-back-failed'].includes(state);

describe.skipIf(missing !== undefined)('a whole stack', () => {
  it('is one plan with parallel branches and one approval, and reports its endpoint', async () => {
    const url = `http://127.0.0.1:${portOf(shop)}/`;
    const parameters = { repo: 'acme/shop', environment: 'production', url };
    model.script('microservices stack', [
      calls(['run_runbook', { name: 'microservices-stack', parameters }]),
    ]);
    const plan = await alice.planFor(
      `Create a production microservices stack with React frontend, Node.js API, PostgreSQL, Redis, and GitHub Actions CI/CD; the code will be in acme/shop, and it will answer at ${url}`,
    );
    const shown = plan.steps.map(
      ({ key, needs, effect }) => `${key} (${effect}) after ${needs.join('+') || 'nothing'}`,
    );
    expect(shown).toEqual([
      'repository (create) after nothing',
      'cluster (update) after nothing',
      'postgres (create) after cluster',
      'redis (create) after cluster',
      'api (create) after postgres+redis',
      'frontend (create) after api',
      'endpoint (read) after frontend+repository',
    ]);
    // Everything that will be written is shown before the one approval.
    for (const step of plan.steps.filter(({ effect }) => effect !== 'read'))
      expect(step.preview?.summary, step.key).toBeTruthy();
    expect(plan.state).toBe('waiting-for-approval');
    expect((await alice.decide(plan)).status).toBe(403);
    expect((await bob.decide(plan)).status).toBe(200);
    const done = await alice.until(plan.id, ended);
    expect(done.state, JSON.stringify(done.steps)).toBe('succeeded');
    expect(done.decisions).toHaveLength(1);
    expect(
      kubectl('get', 'deploy', 'frontend', 'api', 'postgres', 'redis', '-o', 'name').split('\n'),
    ).toHaveLength(5);
    const workflow = { owner: 'acme', repo: 'shop', path: '.github/workflows/ci.yml' };
    expect((await github.octokit.repos.getContent(workflow)).status).toBe(200);
    const told = await team.sql<{ body: string }>(`select body::text from chat_entries where plan_id = $1`, [
      plan.id,
    ]);
    expect(told.map(({ body }) => body).join()).toContain(`${url} is healthy`);
  }, 120_000);
});

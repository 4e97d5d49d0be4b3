import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EnvironmentView } from '../../src/domain/environment.ts';
import { canonicalJson } from '../../src/domain/json.ts';
import type { AnyOperation, UndoContract } from '../../src/domain/operation.ts';
import { parseRequestPath, type RequestPath } from '../../src/sandbox/broker/request-path.ts';
import { ruleMatches } from '../../src/sandbox/broker/rules.ts';
import { createCatalogue, tools } from '../../src/tools/registry.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { type StepProxy, startProxy } from './support/proxy.ts';
import {
  carryOut,
  faultOf,
  hostOf,
  inputFor,
  type TestWriter,
  testWriter,
  throughJson,
} from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/gitops.test.ts: ${missing}.`);

const place = { owner: 'acme', repo: 'web' };
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const catalogue = createCatalogue(tools);
const operation = (id: string) => catalogue.find(id) as AnyOperation;
const propose = operation('gitops.propose');
const undo = propose.undo as UndoContract<unknown, unknown> & { kind: 'reversible' };

const checkout = `# The shop's checkout
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout   # no namespace: Argo CD adds it
spec:
  replicas: 3  # raised on Fridays
  template:
    spec:
      containers:
      - name: checkout
        image: "registry.demo/checkout:1.4.1" # by CI
`;
const web = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata:
    name: web
    namespace: shop
spec:
    replicas: 2
`;

describe.skipIf(missing !== undefined)('changes as pull requests', () => {
  let github: TestGithub;
  let clusters: TestClusters;
  let proxy: StepProxy;
  let writer: TestWriter;
  const folder = mkdtempSync(join(tmpdir(), 'reign-gitops-'));

  beforeAll(async () => {
    [github, clusters] = await Promise.all([startGithub(), startClusters()]);
    const token = 'test-token';
    proxy = await startProxy(join(folder, 'broker.sock'), {
      [hostOf('kubernetes:staging/main')]: { url: clusters.staging.url, token },
      [hostOf('github:staging/acme')]: { url: github.url, token },
    });
    await github.change('web', 'main', {
      'clusters/staging/checkout.yaml': checkout,
      'clusters/staging/apps/web.yml': web,
      'clusters/production/checkout.yaml': checkout,
      'README.md': '# Files that are delivered\n',
    });
  });
  beforeEach(() => {
    writer = testWriter([environment()], proxy.socketPath);
  });
  afterAll(async () => {
    await proxy?.close();
    await Promise.all([github?.close(), clusters?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the engine does with a request where an environment takes pull requests alone. */
  async function asked(id: string, request: object) {
    const change = await inputFor(operation(id), request, writer);
    return { environment: 'staging', operation: id, change };
  }
  async function refusal(id: string, request: object): Promise<string> {
    const resolution = await propose.resolve(await asked(id, request), writer);
    if (resolution.kind !== 'impossible') throw new Error(`not refused: ${JSON.stringify(resolution)}`);
    return resolution.reason;
  }
  async function onMain(path: string): Promise<string> {
    const { data } = await github.octokit.repos.getContent({ ...place, path });
    return Buffer.from((data as { content: string }).content, 'base64').toString();
  }
  const live = (name: string) =>
    clusters.kube('GET', `${deployments}/${name}`) as Promise<{ spec: { replicas: number } }>;
  const merge = (pull_number: number) =>
    github.octokit.pulls.merge({ ...place, pull_number, merge_method: 'merge' });

  test('a scale is previewed by the cluster and proposed in the one file that holds it, comments and all', async () => {
    const request = await asked('kubernetes.scale', { name: 'checkout', replicas: 6 });
    const input = await inputFor(propose, request, writer);
    expect(propose.describe(input).title).toBe(
      'Scale deployment shop/checkout in staging to 6 replicas, by a pull request in acme/web',
    );
    expect(propose.assess(input)).toMatchObject({
      ...{ effect: 'update', environment: 'staging', place: 'staging/shop', proposes: 'kubernetes.scale' },
      targets: [
        expect.stringMatching(/^k8s:.*shop\/deployment\/checkout$/),
        `github:acme/web/branch/${input.branch}`,
      ],
    });
    const approved = await propose.preview(input, writer);
    expect(approved).toMatchObject({
      kind: 'dry-run',
      before: { 'clusters/staging/checkout.yaml': checkout },
      after: { 'clusters/staging/checkout.yaml': checkout.replace('replicas: 3 ', 'replicas: 6 ') },
      summary: '3 → 6 replicas, by a pull request to main of acme/web: clusters/staging/checkout.yaml',
    });
    expect(canonicalJson(await propose.preview(input, writer))).toBe(canonicalJson(approved));
    const context = { approved: throughJson(approved), idempotencyKey: 'scale-1' };
    expect(await propose.landed(input, writer, context)).toBe('no');
    proxy.passed.length = 0;
    const output = await propose.execute(input, writer, context);
    const wrote = proxy.passed.filter(({ method, path }) => method !== 'GET' && !path.includes('dryRun=All'));
    expect(wrote.map(({ method, path }) => `${method} ${path.split('/').slice(4).join('/')}`)).toEqual([
      ...['POST git/trees', 'POST git/commits', 'POST git/refs', 'POST pulls'],
    ]);
    for (const { method, path } of wrote)
      expect(
        propose.egress(input).some((rule) => ruleMatches(rule, rule.connection, method, pathOf(path))),
      ).toBe(true);
    expect(await propose.execute(input, writer, context)).toEqual(output);
    expect(await propose.landed(input, writer, context)).toBe('yes');
    expect(await live('checkout')).toMatchObject({ spec: { replicas: 3 } });
    expect(await refusal('kubernetes.scale', { name: 'checkout', replicas: 6 })).toMatch(
      /#1 .*proposes exactly this/,
    );

    const verified = propose.verify(input, writer, { ...context, output });
    await expect.poll(() => writer.reports[0]).toMatch(/Pull request #1 \(http.*\) waits to be merged/);
    await merge((output as { number: number }).number);
    // As Argo CD would: what the file says becomes what the cluster has.
    expect(await onMain('clusters/staging/checkout.yaml')).toContain('replicas: 6  # raised on Fridays');
    await clusters.kube('PATCH', `${deployments}/checkout`, { spec: { replicas: 6 } });
    expect(await verified).toMatchObject({
      state: 'healthy',
      evidence: expect.stringContaining('6 of 6 replicas available'),
    });
    const late = await faultOf(undo.restore(input, { branch: input.branch }, writer));
    expect(late).toMatchObject({ code: 'world-changed', message: expect.stringContaining('is merged') });
  });

  test('while nobody merges it, it is pending; closed, it failed; undo closes it and deletes its branch', async () => {
    writer = testWriter([environment({ waitSeconds: 1 })], proxy.socketPath);
    const request = await asked('kubernetes.set_image', {
      name: 'checkout',
      image: 'registry.demo/checkout:1.5.0',
    });
    const { input, context, undo: captured } = await carryOut(propose, request, writer, 'image-1');
    expect(context.approved?.after).toEqual({
      'clusters/staging/checkout.yaml': (await onMain('clusters/staging/checkout.yaml')).replace(
        '1.4.1',
        '1.5.0',
      ),
    });
    expect(await propose.verify(input, writer, context)).toEqual({
      state: 'pending',
      evidence: expect.stringMatching(/#2 .* is open\. Nothing has changed in staging yet/),
    });
    expect((await undo.previewRestore(input, captured, writer)).summary).toBe(
      'closes pull request #2 and deletes its branch',
    );
    await undo.restore(input, captured, writer);
    await undo.restore(input, captured, writer);
    expect(await undo.verifyRestored(input, captured, writer)).toMatchObject({ state: 'healthy' });
    expect((await github.octokit.pulls.get({ ...place, pull_number: 2 })).data.state).toBe('closed');
    expect(await propose.verify(input, writer, context)).toMatchObject({ state: 'failed' });
  });

  test('a file or a cluster that changed since is refused, and nothing is opened', async () => {
    const request = await asked('kubernetes.scale', { name: 'web', replicas: 5 });
    const input = await inputFor(propose, request, writer);
    const approved = await propose.preview(input, writer);
    expect(approved.after).toEqual({
      'clusters/staging/apps/web.yml': web.replace('replicas: 2', 'replicas: 5'),
    });
    await github.change('web', 'main', { 'README.md': '# Another file\n' });
    expect(await propose.preview(input, writer)).toEqual(approved);
    await github.change('web', 'main', {
      'clusters/staging/apps/web.yml': web.replace('replicas: 2', 'replicas: 4'),
    });
    const stale = await faultOf(propose.execute(input, writer, { approved, idempotencyKey: 'web-1' }));
    expect(stale.code).toBe('world-changed');
    await github.change('web', 'main', { 'clusters/staging/apps/web.yml': web });
    await clusters.kube('PATCH', `${deployments}/web`, { spec: { replicas: 3 } });
    const moved = await faultOf(propose.execute(input, writer, { approved, idempotencyKey: 'web-1' }));
    expect(moved.code).toBe('world-changed');
    expect(await propose.landed(input, writer, { approved, idempotencyKey: 'web-1' })).toBe('no');
    await clusters.kube('PATCH', `${deployments}/web`, { spec: { replicas: 2 } });
  });

  test('a patch, an autoscaler, a manifest and a deletion become files, too', async () => {
    const previewOf = async (id: string, request: object) => {
      const input = await inputFor(propose, await asked(id, request), writer);
      return propose.preview(input, writer) as Promise<{ after: Record<string, string | null> }>;
    };
    const patch = JSON.stringify({ spec: { minReadySeconds: 7 }, metadata: { labels: { team: 'shop' } } });
    const patched = await previewOf('kubernetes.patch', { kind: 'deployment', name: 'web', patch });
    expect(patched.after['clusters/staging/apps/web.yml']).toBe(
      `${web.replace('    namespace: shop\n', '    namespace: shop\n    labels:\n        team: shop\n')}    minReadySeconds: 7\n`,
    );
    const scaled = await previewOf('kubernetes.autoscale', { name: 'web', min: 2, max: 9 });
    expect(scaled.after['clusters/staging/horizontalpodautoscaler-web.yaml']).toMatch(
      /^apiVersion: autoscaling\/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n {2}name: web\n {2}namespace: shop\nspec:\n[\s\S]*maxReplicas: 9/,
    );
    const manifest =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: flags, namespace: shop }\ndata: { dark: "on" }\n';
    const applied = await previewOf('kubernetes.apply', { manifest });
    expect(applied.after['clusters/staging/configmap-flags.yaml']).toContain('data:\n  dark: "on"\n');
    const deleted = await previewOf('kubernetes.delete', { kind: 'deployment', name: 'web' });
    expect(deleted.after['clusters/staging/apps/web.yml']).toBe(web.slice(0, web.indexOf('---')));
    const twice = await previewOf('kubernetes.scale_by', { name: 'web', factor: 2 });
    expect(twice.after['clusters/staging/apps/web.yml']).toContain('replicas: 4');
  });

  test('a change of another environment is not proposed here', async () => {
    const request = await asked('kubernetes.scale', { name: 'checkout', replicas: 9 });
    const other = { ...request, change: { ...request.change, environment: 'production' } };
    expect(await propose.resolve(other, writer)).toEqual({
      kind: 'impossible',
      reason: 'The change is none of staging.',
    });
  });

  test('what no file holds, several hold, or a patch of kustomize changes is refused in words', async () => {
    expect(await refusal('kubernetes.scale', { name: 'cart', replicas: 4 })).toMatch(
      /No file below clusters\/staging of acme\/web \(main\) holds deployment shop\/cart \(apps\/v1\); 2 YAML files looked at/,
    );
    await github.change('web', 'main', { 'clusters/staging/copy.yaml': web });
    expect(await refusal('kubernetes.scale', { name: 'web', replicas: 4 })).toMatch(
      /several times .*apps\/web\.yml, clusters\/staging\/copy\.yaml/,
    );
    await github.change('web', 'main', {
      'clusters/staging/copy.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 5 }\n',
      'clusters/staging/kustomization.yaml':
        'resources: [apps/web.yml, ../base]\npatches:\n  - path: copy.yaml\n',
      'clusters/staging/chart/Chart.yaml': 'name: cart\nversion: 1.0.0\n',
      'clusters/staging/chart/templates/cart.yaml': 'kind: Deployment\nmetadata: {{ .Values.name }}\n',
    });
    expect(await refusal('kubernetes.scale', { name: 'web', replicas: 4 })).toMatch(
      /is patched by clusters\/staging\/copy\.yaml/,
    );
    const words = await refusal('kubernetes.scale', { name: 'cart', replicas: 4 });
    expect(words).toMatch(/Helm charts lie there .*kustomization\.yaml takes from outside/);
  });
});

function environment(gitops: { waitSeconds?: number } = {}): EnvironmentView {
  const common = { environment: 'staging', demo: false };
  const connections: EnvironmentView['connections'] = [
    { ...common, id: 'kubernetes:staging/main', kind: 'kubernetes', name: 'main' },
    { ...common, id: 'github:staging/acme', kind: 'github', name: 'acme', holds: ['acme/*'] },
  ];
  const where = {
    connection: 'github:staging/acme',
    repository: 'acme/web',
    branch: 'main',
    path: 'clusters/staging',
  };
  return {
    ...{ name: 'staging', tier: 'nonproduction', aliases: [], connections },
    gitops: { ...where, waitSeconds: 30, ...gitops },
  };
}

function pathOf(target: string): RequestPath {
  const path = parseRequestPath(target);
  if (typeof path === 'string') throw new Error(`${target}: ${path}`);
  return path;
}

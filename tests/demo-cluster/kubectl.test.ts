import { execFile, execFileSync, spawn } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoCluster, writeDemoKubeconfig } from '../../src/demo-cluster/index.ts';
import { startFast, temporaryFolder, token, until } from './support.ts';

/** Drives the demo cluster with the real kubectl. */

const hasKubectl = isInstalled();
if (!hasKubectl)
  console.warn('NOT TESTED: the demo cluster against kubectl, because kubectl is not installed');

const { folder, remove } = temporaryFolder();
const kubeconfig = join(folder, 'demo.kubeconfig');
let staging: DemoCluster;
let production: DemoCluster;

beforeAll(async () => {
  staging = await startFast(join(folder, 'staging'));
  production = await startFast(join(folder, 'production'), { name: 'production' });
  await writeDemoKubeconfig(kubeconfig, [
    { name: 'staging', url: staging.url, token },
    { name: 'production', url: production.url, token },
  ]);
  if (hasKubectl) await kubectl('rollout', 'status', 'deployment/checkout', '--timeout=20s');
});

afterAll(async () => {
  await Promise.all([staging.close(), production.close()]);
  remove();
});

describe.skipIf(!hasKubectl)('kubectl', () => {
  test('contexts and the kubeconfig', async () => {
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
    expect(await kubectl('config', 'get-contexts', '-o', 'name')).toBe('production\nstaging\n');
    expect(await kubectl('config', 'current-context')).toBe('staging\n');
    const uid = ['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}'];
    expect(await kubectl(...uid)).toBe(staging.uid);
    expect(await kubectl('--context=production', ...uid)).toBe(production.uid);
    expect(staging.uid).not.toBe(production.uid);
    const replicas = ['get', 'deployment/checkout', '-o', 'jsonpath={.spec.replicas}'];
    expect(await kubectl(...replicas)).toBe('3');
    expect(await kubectl('--context=production', ...replicas)).toBe('6');
  });

  test('get, wide and yaml', async () => {
    expect(await kubectl('get', 'nodes')).toMatch(/demo-staging-1 +Ready/);
    const table = await kubectl('get', 'deployments', '-A', '-o', 'wide');
    expect(table).toMatch(
      /^NAMESPACE +NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\n/,
    );
    expect(table).toMatch(
      /shop +checkout +3\/3 +3 +3 +\d+s +checkout +registry\.demo\/checkout:1\.4\.2 +app=checkout/,
    );
    expect(await kubectl('get', 'deploy', 'checkout', '-o', 'yaml')).toContain('kind: Deployment\n');
    expect(await kubectl('get', 'pods', '-l', 'app in (cart,web),!nothing', '-o', 'name')).toMatch(
      /^(pod\/(cart|web)-\S+\n){4}$/,
    );
    expect(await kubectl('get', 'all')).toContain('replicaset.apps/checkout-');
    expect(await kubectl('get', 'deploy/worker', '-n', 'payments', '-o', 'name')).toBe(
      'deployment.apps/worker\n',
    );
    expect(await kubectl('get', 'pods', '--chunk-size=3', '--no-headers')).toContain('checkout');
  });

  test('describe', async () => {
    const text = await kubectl('describe', 'deployment/checkout');
    expect(text).toMatch(/Replicas: +3 desired \| 3 updated \| 3 total \| 3 available \| 0 unavailable/);
    expect(text).toContain('ScalingReplicaSet');
    expect(await kubectl('describe', 'pod', '-l', 'app=checkout')).toMatch(
      /Successfully assigned shop\/checkout/,
    );
    expect(await kubectl('describe', 'service/web')).toMatch(/Endpoints: +10\.244\./);
    expect(await kubectl('describe', 'node', 'demo-staging-1')).toContain('KubeletReady');
  });

  test('scale, also as a dry run', async () => {
    await kubectl('scale', 'deploy/web', '--replicas=9', '--dry-run=server');
    expect(await kubectl('get', 'deploy/web', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
    await kubectl('scale', 'deploy/web', '--replicas=4', '--current-replicas=2');
    await kubectl('rollout', 'status', 'deploy/web', '--timeout=10s');
    expect(await kubectl('get', 'deploy/web', '-o', 'jsonpath={.status.availableReplicas}')).toBe('4');
    expect(await fails('scale', 'deploy/web', '--replicas=1', '--current-replicas=2')).toContain(
      'replicas to be 2, was 4',
    );
  });

  test('set image, history, undo, restart', async () => {
    await kubectl('set', 'image', 'deploy/checkout', 'checkout=registry.demo/checkout:1.5.0');
    await kubectl('rollout', 'status', 'deploy/checkout', '--timeout=10s');
    expect(await kubectl('rollout', 'history', 'deploy/checkout')).toMatch(/\n1 .*\n2 .*\n3 /);
    await kubectl('rollout', 'undo', 'deploy/checkout');
    await kubectl('rollout', 'status', 'deploy/checkout', '--timeout=10s');
    const image = ['get', 'deploy/checkout', '-o', 'jsonpath={.spec.template.spec.containers[0].image}'];
    expect(await kubectl(...image)).toBe('registry.demo/checkout:1.4.2');
    expect(await kubectl('rollout', 'history', 'deploy/checkout')).toMatch(/\n1 .*\n3 .*\n4 /);
    await kubectl('rollout', 'undo', 'deploy/checkout', '--to-revision=1');
    expect(await kubectl(...image)).toBe('registry.demo/checkout:1.4.1');
    await kubectl('rollout', 'restart', 'deploy/checkout');
    await kubectl('rollout', 'status', 'deploy/checkout', '--timeout=10s');
  });

  test('a bad image, and out of it again', async () => {
    await kubectl('set', 'image', 'deploy/cart', 'cart=registry.demo/cart:does-not-exist');
    await until(async () => (await kubectl('get', 'pods', '-l', 'app=cart')).includes('ImagePullBackOff'));
    expect(await kubectl('get', 'deploy/cart', '-o', 'jsonpath={.status.availableReplicas}')).toBe('2');
    const events = await kubectl('get', 'events', '--field-selector', 'reason=Failed');
    expect(events).toContain('Failed to pull image "registry.demo/cart:does-not-exist"');
    expect(await fails('logs', '-l', 'app=cart')).toContain('trying and failing to pull image');
    await kubectl('rollout', 'undo', 'deploy/cart');
    await kubectl('rollout', 'status', 'deploy/cart', '--timeout=10s');
  });

  test('logs', async () => {
    expect(await kubectl('logs', 'deploy/catalog', '--tail=2')).toMatch(/^(time=\S+ level=.*\n){1,2}$/);
    const again = await kubectl('logs', 'deploy/catalog', '--limit-bytes=60');
    expect(await kubectl('logs', 'deploy/catalog')).toContain(again);
    expect(await kubectl('logs', 'deploy/catalog', '--timestamps')).toMatch(/^\d{4}-\S+Z time=/);
    expect(await fails('logs', 'deploy/catalog', '-c', 'other')).toContain('other');
    const child = spawn('kubectl', ['logs', '-f', 'deploy/catalog', '--tail=1'], { env: environment() });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    await until(async () => text.split('\n').length > 2);
    child.kill();
  });

  test('apply: client side, server side, conflicts, dry run', async () => {
    const file = join(folder, 'app.json');
    const write = (replicas: number) => writeFileSync(file, JSON.stringify(application(replicas)));
    write(1);
    expect(await kubectl('apply', '-f', file)).toBe('deployment.apps/app created\n');
    expect(await kubectl('apply', '-f', file)).toBe('deployment.apps/app unchanged\n');
    write(2);
    expect(await kubectl('apply', '-f', file, '--dry-run=server')).toBe(
      'deployment.apps/app configured (server dry run)\n',
    );
    expect(await kubectl('apply', '-f', file)).toBe('deployment.apps/app configured\n');
    write(3);
    const other = ['apply', '--server-side', '--field-manager=other', '-f', file];
    expect(await fails(...other)).toContain('conflict with "kubectl-client-side-apply" using apps/v1');
    expect(await kubectl(...other, '--force-conflicts')).toContain('serverside-applied');
    expect(await kubectl('get', 'deploy/app', '-o', 'jsonpath={.spec.replicas}')).toBe('3');
    const revision = await kubectl('get', 'deploy/app', '-o', 'jsonpath={.metadata.generation}');
    await kubectl(...other);
    expect(await kubectl('get', 'deploy/app', '-o', 'jsonpath={.metadata.generation}')).toBe(revision);
    expect(await fails('diff', '-f', writeOther(file))).toContain('+  replicas: 5');
  });

  test('watch, delete and what follows', async () => {
    await kubectl('rollout', 'status', 'deploy/app', '--timeout=10s');
    const child = spawn('kubectl', ['get', 'pods', '-l', 'app=app', '-w'], { env: environment() });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    await until(async () => text.includes('Running'));
    expect(await kubectl('delete', 'deploy/app')).toBe('deployment.apps "app" deleted\n');
    await until(async () => (await kubectl('get', 'rs,pods', '-l', 'app=app', '-o', 'name')) === '');
    await until(async () => text.includes('Terminating'));
    child.kill();
    expect(await fails('get', 'deploy/app')).toContain('deployments.apps "app" not found');
  });

  test('tokens of service accounts, and what may be done with them', async () => {
    await kubectl('create', 'serviceaccount', 'steps', '-n', 'shop');
    const minted = (await kubectl('create', 'token', 'steps', '-n', 'shop', '--duration=10m')).trim();
    const claims = JSON.parse(Buffer.from(minted.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number;
      sub: string;
    };
    expect(claims.sub).toBe('system:serviceaccount:shop:steps');
    expect(claims.exp * 1000 - Date.now()).toBeGreaterThan(590_000);
    const yaml = await kubectl('create', 'token', 'steps', '-n', 'shop', '--audience=other', '-o', 'json');
    const other = (JSON.parse(yaml) as { status: { token: string } }).status.token;
    // Over plain HTTP kubectl sends the user and password of the address, and no token.
    const as = (bearer: string) => ['--server', `http://x:${bearer}@127.0.0.1:${staging.port}`, '-n', 'shop'];
    expect(await fails(...as(minted), 'get', 'pods')).toContain(
      'User "system:serviceaccount:shop:steps" cannot list resource "pods"',
    );
    const bind = [
      'clusterrolebinding',
      'steps',
      '--clusterrole=cluster-admin',
      '--serviceaccount=shop:steps',
    ];
    await kubectl('create', ...bind);
    expect(await kubectl(...as(minted), 'get', 'deployment', 'web', '-o', 'name')).toContain('web');
    expect(await kubectl(...as(minted), 'auth', 'whoami')).toContain('system:serviceaccount:shop:steps');
    expect(await fails(...as(other), 'get', 'pods')).toMatch(/Unauthorized|must be logged in/);
    expect(await fails(...as(`${minted}x`), 'get', 'pods')).toMatch(/Unauthorized|must be logged in/);
    await kubectl('delete', 'serviceaccount', 'steps', '-n', 'shop');
    expect(await fails(...as(minted), 'get', 'pods')).toMatch(/Unauthorized|must be logged in/);
    await kubectl('delete', 'clusterrolebinding', 'steps');
    expect(await fails('create', 'token', 'default', '--duration=1m')).toContain(
      'spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    );
    expect(await fails('create', 'token', 'none')).toContain('serviceaccounts "none" not found');
  });

  test('drain as disruption budgets allow', async () => {
    const all = ['get', 'pods', '-l', 'app=checkout', '-o', 'name'];
    const node = await kubectl(...all.slice(0, -1), 'jsonpath={.items[0].spec.nodeName}');
    const drain = ['drain', node, '--ignore-daemonsets', '--force', '--timeout=1s'];
    const budget = (app: string, allows: object) => ({
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: app } },
      spec: { ...allows, selector: { matchLabels: { app } } },
    });
    const items = [budget('catalog', { maxUnavailable: '50%' }), budget('checkout', { minAvailable: 3 })];
    const file = join(folder, 'budgets.json');
    writeFileSync(file, items.map((item) => JSON.stringify(item)).join('\n'));
    await kubectl('apply', '-f', file);
    const allowed = ['get', 'pdb', 'catalog', '-o', 'jsonpath={.status.disruptionsAllowed}'];
    await until(async () => (await kubectl(...allowed)) === '1');
    expect(await kubectl('get', 'pdb')).toMatch(/catalog +N\/A +50% +1 +\d+s\ncheckout +3 +N\/A +0 +\d+s/);
    const before = await kubectl(...all);
    expect(await fails(...drain)).toContain(
      "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    expect(await kubectl(...all)).toBe(before);
    await kubectl('delete', 'pdb', 'catalog', 'checkout');
    await kubectl(...drain.slice(0, -1), '--timeout=20s');
    expect(await kubectl(...all)).not.toBe(before);
    await kubectl('uncordon', node);
  });

  test('jobs, namespaces, rights, and what is not there', async () => {
    const file = join(folder, 'job.json');
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'once', image: 'busybox:1' }] } };
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec: { template } };
    writeFileSync(file, JSON.stringify(job));
    await kubectl('create', 'namespace', 'extra');
    await kubectl('apply', '-n', 'extra', '-f', file);
    await kubectl('wait', '-n', 'extra', '--for=condition=complete', 'job/once', '--timeout=10s');
    await kubectl('delete', 'namespace', 'extra', '--timeout=10s');
    expect(await fails('get', 'namespace', 'extra')).toContain('not found');
    expect(await kubectl('auth', 'can-i', 'delete', 'pods')).toBe('yes\n');
    expect(await fails('get', 'statefulsets')).toContain("the server doesn't have a resource type");
    expect(await kubectl('explain', 'deployment.spec.replicas')).toContain('replicas <integer>');
  });
});

function application(replicas: number): object {
  const labels = { app: 'app' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'shop' }, spec };
}

function writeOther(file: string): string {
  writeFileSync(`${file}.diff.json`, JSON.stringify(application(5)));
  return `${file}.diff.json`;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, KUBECONFIG: kubeconfig, HOME: folder };
}

function run(args: string[]): Promise<{ code: number; stdout: string; all: string }> {
  return new Promise((resolve) => {
    execFile('kubectl', args, { env: environment(), timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, stdout, all: `${stdout}${stderr}` });
    });
  });
}

async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, all } = await run(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${all}`);
  return stdout;
}

async function fails(...args: string[]): Promise<string> {
  const { code, all } = await run(args);
  expect(code, `kubectl ${args.join(' ')} should fail`).toBe(1);
  return all;
}

function isInstalled(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoCluster, writeDemoKubeconfig } from '../../src/demo-cluster/index.ts';
import { startFast, temporaryFolder, token } from './support.ts';

/** Drives the demo cluster with the real helm. */

const hasHelm = isInstalled();
if (!hasHelm) console.warn('NOT TESTED: the demo cluster against helm, because helm is not installed');

const { folder, remove } = temporaryFolder();
const kubeconfig = join(folder, 'demo.kubeconfig');
const chart = join(folder, 'chart');
let cluster: DemoCluster;

beforeAll(async () => {
  cluster = await startFast(join(folder, 'data'));
  await writeDemoKubeconfig(kubeconfig, [{ name: 'staging', url: cluster.url, token }]);
  writeChart();
});

afterAll(async () => {
  await cluster.close();
  remove();
});

describe.skipIf(!hasHelm)('helm', () => {
  test('install, upgrade, a failed upgrade, rollback, uninstall', async () => {
    expect(await helm('install', 'app', chart, '--wait', '--timeout=10s')).toContain('STATUS: deployed');
    expect(await helm('upgrade', 'app', chart, '--set', 'tag=2', '--wait', '--timeout=10s')).toContain(
      'REVISION: 2',
    );
    await expect(
      helm('upgrade', 'app', chart, '--set', 'tag=bad', '--wait', '--timeout=2s'),
    ).rejects.toThrow();
    const history = JSON.parse(await helm('history', 'app', '-o', 'json')) as { status: string }[];
    expect(history.map(({ status }) => status)).toEqual(['superseded', 'deployed', 'failed']);
    await helm('rollback', 'app', '2', '--wait', '--timeout=10s');
    expect(await helm('get', 'manifest', 'app')).toContain('image: nginx:2');
    expect(await helm('uninstall', 'app', '--wait', '--timeout=10s')).toContain('uninstalled');
    expect(JSON.parse(await helm('list', '-o', 'json'))).toEqual([]);
  });
});

function writeChart(): void {
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 0.1.0\n');
  writeFileSync(join(chart, 'values.yaml'), 'tag: "1"\n');
  writeFileSync(
    join(chart, 'templates', 'app.yaml'),
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: app, labels: { app: app } }
spec:
  replicas: 2
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      containers:
        - name: app
          image: nginx:{{ .Values.tag }}
          ports: [{ name: http, containerPort: 80 }]
---
apiVersion: v1
kind: Service
metadata: { name: app }
spec: { selector: { app: app }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: app-before, annotations: { helm.sh/hook: "pre-install,pre-upgrade" } }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: once, image: busybox:1 }]
`,
  );
}

function helm(...args: string[]): Promise<string> {
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  const env = { ...process.env, ...homes, KUBECONFIG: kubeconfig };
  return new Promise((resolve, reject) => {
    execFile('helm', args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`helm ${args.join(' ')}: ${stderr}`));
    });
  });
}

function isInstalled(): boolean {
  try {
    execFileSync('helm', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

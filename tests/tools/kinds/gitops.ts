import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoCluster } from '../../../src/demo-cluster/index.ts';
import { createGitops } from '../../../src/tools/gitops/index.ts';
import { kubernetes } from '../../../src/tools/kubernetes/index.ts';
import { scale } from '../../../src/tools/kubernetes/scale.ts';
import { startGithub, type TestGithub } from '../support/github-engine.ts';
import { type Bed, openBed } from './bed.ts';
import { startFaultyServer } from './faulty-server.ts';
import { objects, refusals } from './github.ts';
import { ask, extras, seeded, timing, token } from './kubernetes.ts';
import type { Table, World } from './table.ts';

type GitopsWorld = World & Pick<TestGithub, 'octokit' | 'change'> & { request: object };

const place = { owner: 'acme', repo: 'web' };
const folder = 'clusters/staging';
const wanted = { name: 'checkout', replicas: 6, environment: 'staging' };
const fileWith = (replicas: number) => ({
  [`${folder}/checkout.yaml`]: `apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout, namespace: shop }
spec:
  replicas: ${replicas}
`,
});

/** A scale, in place of which a pull request is opened; it is merged and delivered while it is verified. */
export const gitopsTable: Table<GitopsWorld> = {
  tool: createGitops(kubernetes.operations),
  engine: 'the emulate emulator of GitHub and the demo cluster, through the real broker',
  refusals,
  cases: {
    'gitops.propose': {
      request: ({ request }) => request,
      missing: { environment: 'zz-none', operation: 'kubernetes.scale', change: wanted },
      again: objects,
      spares: extras,
      async meddle({ octokit, change }) {
        const { data } = await octokit.pulls.list(place);
        for (const { head } of data) await change('web', head.ref, { 'theirs.txt': 'x' }, head.ref);
        if (data.length === 0) await change('web', 'main', fileWith(4));
      },
    },
  },
  async open() {
    const dataDir = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
    cpSync(await seeded(), dataDir, { recursive: true });
    const cluster = await startDemoCluster({ name: 'staging', dataDir, token, timing });
    const { octokit, change, url, close } = await startGithub();
    await change('web', 'main', fileWith(3));
    const [one, two] = await Promise.all([url, cluster.url].map((each) => startFaultyServer(each)));
    if (one === undefined || two === undefined) throw new Error('no servers');
    const gitops = {
      connection: 'github:staging/acme',
      repository: 'acme/web',
      branch: 'main',
      path: folder,
    };
    const bed = await openBed(
      [
        { kind: 'github', name: 'acme', server: one, holds: ['acme/*'] },
        { kind: 'kubernetes', name: 'main', server: two, token },
      ],
      { hurry: 50, gitops: { ...gitops, waitSeconds: 30 } },
    );
    const { input } = await bed.call(scale, 'resolve', { request: wanted });
    const deliver = async () => {
      const { data } = await octokit.pulls.list(place);
      for (const { number } of data)
        await octokit.pulls.merge({ ...place, pull_number: number, merge_method: 'merge' });
      const path = '/apis/apps/v1/namespaces/shop/deployments/checkout';
      await ask(cluster.url, 'PATCH', path, { spec: { replicas: 6 } });
    };
    return {
      ...{ octokit, change, bed: delivering(bed, deliver) },
      request: { environment: 'staging', operation: scale.id, change: input },
      async close() {
        await bed.close();
        await Promise.all([one.close(), two.close(), close()]);
        await cluster.close();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  },
};

/** Somebody merges what is open, and Argo CD delivers it, before it is verified. */
function delivering(bed: Bed, deliver: () => Promise<void>): Bed {
  return {
    ...bed,
    async call(operation, phase, args) {
      if (phase === 'verify') await deliver();
      return bed.call(operation, phase, args);
    },
  };
}

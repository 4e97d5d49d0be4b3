import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDemoCluster } from '../../src/services/index.ts';
import { identify } from '../../src/services/processes.ts';
import { endLeftovers, killed, temporaryFolder } from './helpers.ts';

const program = `
import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
const words = process.argv.slice(2);
const value = (name) => words[words.indexOf(name) + 1];
const clusters = [];
for (const name of ['staging', 'production']) {
  const server = createServer((request, response) => response.end('ok'));
  await new Promise((resolve) => server.listen(Number(value('--' + name + '-port')), '127.0.0.1', resolve));
  clusters.push({ name, url: 'http://127.0.0.1:' + server.address().port, token: 't', uid: 'uid-of-' + name });
}
const folder = value('--data');
mkdirSync(folder + '/demo-cluster', { recursive: true });
const run = { pid: process.pid, startedAt: new Date().toISOString(), clusters };
writeFileSync(folder + '/demo-cluster/run.json', JSON.stringify(run));
writeFileSync(folder + '/demo.kubeconfig', '');
console.log('ready');
`;

let folder: string;
let dataDir: string;
let entry: string;

beforeEach(async () => {
  folder = await temporaryFolder('reign demo ');
  dataDir = join(folder, '.reign');
  entry = join(folder, 'main.mjs');
  await writeFile(entry, program);
});
afterEach(async () => {
  await endLeftovers(dataDir);
  await rm(folder, { recursive: true, force: true });
});

async function notedPid(): Promise<number> {
  return JSON.parse(await readFile(join(dataDir, 'demo-cluster.pid'), 'utf8')).pid;
}

describe('startDemoCluster', { timeout: 20_000 }, () => {
  // Between stop and start, a connection of another test may take a port: then others are right, and it is tried again.
  it('starts it, adopts it, stops it, and brings it back on the same ports', { retry: 2 }, async () => {
    const first = await startDemoCluster({ dataDir, entry, say: () => {} });
    expect(first).toMatchObject({ adopted: false, kubeconfig: join(dataDir, 'demo.kubeconfig') });
    expect(first.clusters.map(({ name, uid }) => `${name} ${uid}`)).toEqual([
      'staging uid-of-staging',
      'production uid-of-production',
    ]);
    const second = await startDemoCluster({ dataDir, entry, say: () => {} });
    expect(second).toMatchObject({ adopted: true, clusters: first.clusters });
    const pid = await notedPid();
    await second.stop();
    expect(await identify(pid)).toBeUndefined();
    const third = await startDemoCluster({ dataDir, entry, say: () => {} });
    expect(third).toMatchObject({ adopted: false, clusters: first.clusters });
    await third.stop();
  });

  it('replaces one that was killed', async () => {
    await startDemoCluster({ dataDir, entry, say: () => {} });
    await killed(await notedPid());
    const again = await startDemoCluster({ dataDir, entry, say: () => {} });
    expect(again.adopted).toBe(false);
    await again.stop();
  });

  it('says why it does not start', async () => {
    await writeFile(entry, 'throw new Error("no luck today");');
    const failure = startDemoCluster({ dataDir, entry, say: () => {} });
    await expect(failure).rejects.toMatchObject({ code: 'demo-cluster-failed' });
    await expect(failure).rejects.toThrow(/demo-cluster\.log/);
  });
});

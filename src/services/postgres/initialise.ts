import { randomBytes } from 'node:crypto';
import { chown, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { childEnvironment } from '../child-environment.ts';
import { readIfThere } from '../data-dir.ts';
import { lastWords } from '../logs.ts';
import { diskFull, explainFileError, ServiceError } from '../service-error.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { PostgresPlace } from './place.ts';

/** For a small machine; they land in postgresql.conf, where an operator may change them. Durability is a promise. */
const settings = [
  'max_connections=200',
  'shared_buffers=128MB',
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'timezone=UTC',
  'log_timezone=UTC',
];

/**
 * Makes the database cluster with superuser `reign` and its database `reign`. It appears under its name only when
 * it is complete, so a start that is killed half-way leaves nothing that a later one could mistake for data.
 */
export async function initialise(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  password: string,
): Promise<void> {
  const draft = join(place.base, `initialising-${randomBytes(6).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  await removeDrafts(place.base);
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (place.account) await chown(passwordFile, place.account.uid, place.account.gid);
    await run(place, binaries.initdb, [
      `--pgdata=${draft}`,
      '--username=reign',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // Postgres' own C.UTF-8 sorts the same on every machine, whatever its C library.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...settings.map((setting) => `--set=${setting}`),
    ]);
    await runSingleUser(place, binaries, draft, 'CREATE DATABASE reign OWNER reign;');
    await rename(draft, place.data);
    await syncFolder(place.base);
  } catch (error) {
    throw explainFileError(error, place.base);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** Gives `reign` a new password while no server runs: the kept one was lost, the data was not. */
export async function resetPassword(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  password: string,
): Promise<void> {
  await runSingleUser(place, binaries, place.data, `ALTER ROLE reign PASSWORD '${password}';`);
}

/** Whether there is data already; data that these programs cannot read is an error. */
export async function hasCluster(place: PostgresPlace, binaries: PostgresBinaries): Promise<boolean> {
  const version = (await readIfThere(join(place.data, 'PG_VERSION')))?.trim();
  if (version === undefined || version === binaries.major) return version !== undefined;
  throw new ServiceError(
    'data-of-another-version',
    `The data in ${place.data} was made by Postgres ${version}, but this Reign brings Postgres ${binaries.major}. ` +
      'Move it over with the earlier Reign and pg_dump, or start with an empty folder (--data DIR).',
  );
}

/** As far as it goes: the orphan of a killed start may still be writing to its draft; next time it is gone. */
async function removeDrafts(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith('initialising-')) continue;
    await rm(join(base, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Makes the new name survive a machine crash. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

/** Single-user mode reads statements from standard input, so a password never shows in the process list. */
async function runSingleUser(
  place: PostgresPlace,
  binaries: PostgresBinaries,
  data: string,
  statement: string,
): Promise<void> {
  const words = ['--single', '-D', data, '-c', 'exit_on_error=on', '-c', 'log_statement=none', 'postgres'];
  await run(place, binaries.postgres, words, `${statement}\n`);
}

async function run(
  place: PostgresPlace,
  program: string,
  words: readonly string[],
  input = '',
): Promise<void> {
  const result = await execa(program, words, {
    cwd: place.base,
    input,
    all: true,
    reject: false,
    timeout: 120_000,
    env: childEnvironment(),
    extendEnv: false,
    ...(place.account ? { uid: place.account.uid, gid: place.account.gid } : {}),
  });
  if (result.exitCode === 0) return;
  const output = result.all ?? '';
  if (/no space left on device|disk quota exceeded/i.test(output)) throw diskFull(place.base);
  if (result.exitCode === undefined && !result.timedOut && result.signal === undefined) {
    throw new ServiceError(
      'platform-not-supported',
      `The embedded Postgres does not run on this machine (${result.originalMessage ?? 'it could not be started'}). ` +
        'Set DATABASE_URL to a Postgres of your own.',
    );
  }
  const reason = result.timedOut ? 'it took more than two minutes' : lastWords(output);
  throw new ServiceError('postgres-failed', `Could not set up Postgres in ${place.base}: ${reason}`);
}

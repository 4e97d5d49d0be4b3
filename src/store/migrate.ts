import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { FaultError } from '../domain/fault.ts';
import { sha256 } from '../domain/json.ts';
import { createPool } from './pool.ts';

/** Any number will do, as long as every version of Reign uses the same one. */
const migrationLock = 7_294_621;

type Migration = { version: number; name: string; text: string; breaking: boolean };

/**
 * Brings the schema up to date, each file in a transaction of its own, under an advisory lock so that many processes
 * may start at once. Refuses (FaultError `refused`) a database that a newer Reign has changed in a breaking way, and
 * one whose applied migrations are not the ones in `folder`.
 * @returns the versions applied now.
 */
export async function migrate(databaseUrl: string, folder: string): Promise<number[]> {
  const migrations = await readMigrations(folder);
  const pool = createPool(databaseUrl, 'owner', 1);
  const client = await pool.connect().catch(async (error: Error) => {
    await pool.end();
    throw unreachable(error);
  });
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query(
      `create table if not exists reign_schema (version integer primary key, name text not null,
        hash text not null, breaking boolean not null, applied_at timestamptz not null default now())`,
    );
    const { rows } = await client.query(
      'select version, name, hash, breaking from reign_schema order by version',
    );
    refuseForeign(rows, migrations);
    const applied = new Set(rows.map(({ version }) => version));
    const due = migrations.filter(({ version }) => !applied.has(version));
    for (const migration of due) await apply(client, migration);
    return due.map(({ version }) => version);
  } finally {
    client.release(true);
    await pool.end();
  }
}

/**
 * Throws FaultError `refused` unless the database has every migration of `folder`; for processes that leave them to
 * `reign migrate`, and so need no more rights than their role's.
 */
export async function demandMigrated(
  databaseUrl: string,
  role: 'gateway' | 'worker',
  folder: string,
): Promise<void> {
  const migrations = await readMigrations(folder);
  const pool = createPool(databaseUrl, role, 1);
  try {
    const { rows } = await pool
      .query('select version, name, hash, breaking from reign_schema order by version')
      .catch((error: Error & { code?: string }) => {
        // A database that nobody has migrated yet has neither the table nor the role.
        if (error.code === '42P01' || error.code === '22023') return { rows: [] };
        throw unreachable(error);
      });
    refuseForeign(rows, migrations);
    const missing = migrations.find(({ version }) => !rows.some((row) => row.version === version));
    if (missing === undefined) return;
    throw new FaultError(
      'refused',
      `The database lacks migration ${missing.name}. Run \`reign migrate\` with DATABASE_URL of the login that owns the schema (the chart does so in a job before an upgrade).`,
    );
  } finally {
    await pool.end();
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[\w-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8');
      const said = /^-- breaking: (yes|no)$/m.exec(text)?.[1];
      if (said === undefined)
        throw new FaultError('internal', `${name} does not say "-- breaking: yes" or "no".`);
      return { version: Number(name.slice(0, 4)), name, text, breaking: said === 'yes' };
    }),
  );
}

function unreachable(error: Error): FaultError {
  return new FaultError('unreachable', `Postgres cannot be reached: ${error.message}. Check DATABASE_URL.`);
}

function refuseForeign(
  rows: { version: number; name: string; hash: string; breaking: boolean }[],
  migrations: Migration[],
): void {
  for (const row of rows) {
    const known = migrations.find(({ version }) => version === row.version);
    if (!known && row.breaking) {
      throw new FaultError(
        'refused',
        `The database was changed by a newer Reign (${row.name}); this version cannot use it. Start the newer version.`,
      );
    }
    if (known && sha256(known.text) !== row.hash) {
      throw new FaultError(
        'refused',
        `Migration ${row.name} was applied with another content than this version has. Restore the file or the database.`,
      );
    }
  }
}

async function apply(client: pg.PoolClient, { version, name, text, breaking }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into reign_schema (version, name, hash, breaking) values ($1, $2, $3, $4)', [
      version,
      name,
      sha256(text),
      breaking,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new FaultError('internal', `Migration ${name} failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestDatabase = { url: string; drop(): Promise<void> };

/** A database of one's own, cloned from the migrated template. */
export function cloneDatabase(): Promise<TestDatabase> {
  return createDatabase('template reign_template');
}

/** A database of one's own with nothing in it. */
export function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}

/** Runs statements one after the other on a connection of their own; what the last one answers. */
export async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** The statements of whoever owns the server of these tests. */
export function admin(...statements: string[]): Promise<Record<string, unknown>[]> {
  return query(inject('postgresUrl'), ...statements);
}

async function createDatabase(how: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await locked(`create database ${name} ${how}`);
  const address = new URL(inject('postgresUrl'));
  address.pathname = `/${name}`;
  return {
    url: address.href,
    drop: async () => {
      await locked(`drop database ${name} with (force)`);
    },
  };
}

/** Two files that clone at once wait for each other: a template must have no other user. */
const locked = (statement: string) => admin('select pg_advisory_lock(1)', statement);

import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startServices } from '../../src/services/index.ts';
import { migrate } from '../../src/store/migrate.ts';
import { removeData } from './remove-data.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A Postgres whose database `reign_template` has the newest schema; the user may create databases. */
    postgresUrl: string;
  }
}

/** One Postgres for the whole run, with a migrated database that each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = path.resolve(import.meta.dirname, '../..');
  if (!existsSync(path.join(root, 'dist/reign.js'))) {
    throw new Error('dist/ is missing: run `npm run build` (npm test does).');
  }
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'reign-test-services-'));
  const services = await startServices({
    dataDir,
    install: 'never',
    say: () => {},
    redisUrl: 'redis://unused',
  });
  const client = new pg.Client({ connectionString: services.databaseUrl });
  await client.connect();
  await client.query('create database reign_template');
  await client.end();
  await migrate(withDatabase(services.databaseUrl, 'reign_template'), path.join(root, 'migrations'));
  project.provide('postgresUrl', services.databaseUrl);
  return async () => {
    await services.stop();
    await removeData(dataDir);
  };
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

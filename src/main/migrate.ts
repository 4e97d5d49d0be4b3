import path from 'node:path';
import { createOutput } from '../cli/output.ts';
import { loadConfig } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import { migrate } from '../store/migrate.ts';
import { packageRoot } from './package-root.ts';

/** `reign migrate`: brings the database up to date and ends. Processes of the version before go on meanwhile. */
export async function migrateDatabase(options: {
  config?: string;
  data?: string;
  json: boolean;
}): Promise<number> {
  const output = createOutput(options.json);
  const { databaseUrl } = loadConfig({
    ...{ cwd: process.cwd(), env: process.env },
    ...{ file: options.config, dataDir: options.data },
  });
  if (databaseUrl === undefined)
    throw new FaultError('bad-request', 'Set DATABASE_URL to the login that owns the schema of Reign.');
  const applied = await migrate(databaseUrl, path.join(packageRoot, 'migrations'));
  const says = applied.length === 0 ? 'the database was up to date' : `applied ${applied.join(', ')}`;
  output.event({ type: 'check', name: 'migrations', ok: true, says });
  output.say(says);
  return 0;
}

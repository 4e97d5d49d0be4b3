import { join } from 'node:path';
import { readIfThere, readRecord } from '../data-dir.ts';

/** Where the embedded Postgres of a data folder was started last; undefined where there is none. Starts nothing. */
export async function embeddedPostgresUrl(dataDir: string): Promise<string | undefined> {
  const record = await readRecord(join(dataDir, 'postgres.json'));
  const password = (await readIfThere(join(dataDir, 'postgres-password')))?.trim();
  const port = record?.port;
  return typeof port === 'number' && password ? postgresUrl(password, port) : undefined;
}

export function postgresUrl(password: string, port: number): string {
  return `postgresql://reign:${password}@127.0.0.1:${port}/reign`;
}

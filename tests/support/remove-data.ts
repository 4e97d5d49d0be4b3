import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/** Removes a data folder together with the embedded Postgres, which lies elsewhere when root runs the tests. */
export async function removeData(dataDir: string): Promise<void> {
  const record = await readFile(path.join(dataDir, 'postgres.json'), 'utf8').catch(() => '{}');
  const { base } = JSON.parse(record) as { base?: string };
  for (const folder of [base, dataDir]) if (folder) await rm(folder, { recursive: true, force: true });
}

import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startServices } from '../../src/services/index.ts';
import { migrate } from '../../src/store/migrate.ts';
import { removeData } from '../support/remove-data.ts';

/** A Postgres and a Redis of the bench's own, with the schema in place. */
export async function benchServices(root: string) {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'reign-bench-'));
  const services = await startServices({ dataDir, install: 'never', say: () => {} });
  await migrate(services.databaseUrl, path.join(root, 'migrations'));
  return {
    dataDir,
    databaseUrl: services.databaseUrl,
    redisUrl: services.redisUrl,
    async stop() {
      await services.stop();
      await removeData(dataDir);
    },
  };
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startServices } from '../../src/services/index.ts';
import { removeData } from './remove-data.ts';

export type TestRedis = { url: string; stop(): Promise<void> };

/** A Redis of one's own on a free port. */
export async function startRedis(): Promise<TestRedis> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'reign-test-redis-'));
  const services = await startServices({
    dataDir,
    install: 'never',
    say: () => {},
    databaseUrl: 'postgres://unused',
  });
  return {
    url: services.redisUrl,
    async stop() {
      await services.stop();
      await removeData(dataDir);
    },
  };
}

import path from 'node:path';
import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { RedisAddress } from '../domain/ports/redis-address.ts';
import { holdDataDir, startServices } from '../services/index.ts';
import { demandMigrated, migrate } from '../store/migrate.ts';
import { packageRoot } from './package-root.ts';
import type { StartOptions } from './start.ts';

/** The services that are configured, or else our own; what is to be undone at the end is added to `undo`. */
export async function openServices(
  { config, install, ask, say }: StartOptions,
  undo: (() => Promise<unknown>)[],
): Promise<{ databaseUrl: string; redis: RedisAddress }> {
  const own = ownDatabaseUrl(config);
  if (config.role !== 'worker') {
    const hold = await holdDataDir(config.dataDir);
    undo.push(() => hold.release());
  } else if (!own || !config.redis) {
    throw new FaultError('bad-request', 'A worker needs DATABASE_URL and REDIS_URL: those of its gateway.');
  }
  const redisUrl = config.redis && 'configured';
  const services = await startServices({ ...config, databaseUrl: own, redisUrl, install, ask, say });
  undo.push(() => services.stop());
  return { databaseUrl: services.databaseUrl, redis: config.redis ?? { url: services.redisUrl } };
}

/** Migrates where that is this process's to do, else sees that it was done. */
export async function bringUpToDate({ role, migrations }: Config, databaseUrl: string): Promise<void> {
  const folder = path.join(packageRoot, 'migrations');
  if (migrations === 'start') await migrate(databaseUrl, folder);
  else await demandMigrated(databaseUrl, role === 'worker' ? 'worker' : 'gateway', folder);
}

/** A process that does not migrate needs no login but its role's. */
function ownDatabaseUrl({ role, migrations, databaseUrl, ...config }: Config): string | undefined {
  if (databaseUrl !== undefined || migrations === 'start') return databaseUrl;
  if (role === 'worker') return config.workerDatabaseUrl;
  return role === 'gateway' ? config.gatewayDatabaseUrl : undefined;
}

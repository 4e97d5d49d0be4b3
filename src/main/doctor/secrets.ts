import path from 'node:path';
import type { Config } from '../../config/index.ts';
import { FaultError, toFault } from '../../domain/fault.ts';
import { silentLogger, systemClock } from '../../domain/ports/runtime.ts';
import { embeddedPostgresUrl } from '../../services/index.ts';
import { createPool } from '../../store/pool.ts';
import { createStore } from '../../store/store.ts';
import type { CredentialReference } from '../../vault/credentials.ts';
import { createSealer } from '../../vault/seal.ts';
import { createSeenValues } from '../../vault/seen-values.ts';
import { configuredMasterKeys } from '../master-keys.ts';
import { openVault } from '../open-vault.ts';
import type { Check } from './check.ts';

type Credentials = ReturnType<typeof openVault>['credentials'];

/**
 * Gives `connections` what opens connections, then tries each secret that lies elsewhere. What is kept in Postgres is
 * looked up only where a connection needs it or Postgres is there.
 */
export async function checkSecrets(
  config: Config,
  references: ReadonlyMap<string, CredentialReference>,
  check: Check,
  connections: (credentials: Pick<Credentials, 'access'>) => Promise<void>,
): Promise<void> {
  const { env } = process;
  const url = config.workerDatabaseUrl ?? config.databaseUrl ?? (await embeddedPostgresUrl(config.dataDir));
  const pool = url === undefined ? undefined : createPool(url, 'worker', 1);
  const seen = createSeenValues();
  const keys = configuredMasterKeys(config, env, path.join(config.dataDir, 'keys', 'master.key'), seen);
  const shelf =
    pool === undefined
      ? { secrets: async () => [], foundSecret: async () => undefined }
      : createStore(pool, { clock: systemClock, logger: silentLogger }).queries;
  const vault = openVault({ config, env, sealer: createSealer(keys), shelf, references, seen });
  const { credentials } = vault;
  try {
    const failed = url === undefined ? notStarted() : await vault.renewSecrets().catch(notThere);
    await connections({
      async access(id) {
        if (failed && credentials.secretOf(id)?.reference.startsWith('vault:')) throw failed;
        return credentials.access(id);
      },
    });
    if (failed || pool === undefined) return;
    const elsewhere = (await shelf.secrets()).filter(({ refersTo }) => refersTo !== null);
    for (const { name, environment, tool, refersTo } of elsewhere) {
      await check(`vault:${name}`, async () => {
        await vault.openSecret(`vault:${name}`, { environment, tool });
        return `opens at ${refersTo} (${environment}/${tool})`;
      });
    }
  } finally {
    await pool?.end();
  }
}

function notStarted(): FaultError {
  return new FaultError('unreachable', 'Kept secrets cannot be looked at before the first `npm start`.');
}

function notThere(error: unknown): FaultError {
  const { message } = toFault(error);
  return new FaultError('unreachable', `Kept secrets cannot be looked at: ${message} Is Reign running?`);
}

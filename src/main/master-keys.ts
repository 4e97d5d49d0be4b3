import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { KeyWrapper } from '../domain/ports/secrets.ts';
import { createAwsKeys } from '../vault/aws-keys.ts';
import { createKeyChain } from '../vault/key-chain.ts';
import { createAwsClient } from '../vault/managers/aws-client.ts';
import { createMasterKeys } from '../vault/master-keys.ts';
import type { SeenValues } from '../vault/seen-values.ts';
import { createTransitKeys } from '../vault/transit-keys.ts';
import { vaultClients } from './open-vault.ts';

type Env = Readonly<Record<string, string | undefined>>;
type MasterKeyConfig = Config['vault']['formerMasterKeys'][number];

/** The master key that is configured; what former ones and Reign's own have wrapped still opens. */
export function configuredMasterKeys(config: Config, env: Env, file: string, seen: SeenValues): KeyWrapper {
  const { masterKey, formerMasterKeys } = config.vault;
  const own = createMasterKeys({ variable: env['REIGN_MASTER_KEY'], file });
  const clients = vaultClients(config, env, seen.add);
  const keysOf = (which: MasterKeyConfig): KeyWrapper => {
    if ('awsKms' in which) return createAwsKeys(createAwsClient(env, seen.add), which.awsKms);
    const { server, mount = 'transit', key } = which.transit;
    const client = clients.get(server);
    if (client !== undefined) return createTransitKeys(client, { server, mount, key });
    throw new FaultError(
      'bad-request',
      `vault.masterKey names the Vault ${server}, which is not below vault.servers.`,
    );
  };
  const former = formerMasterKeys.map(keysOf);
  return createKeyChain(masterKey === undefined ? [own, ...former] : [keysOf(masterKey), ...former, own]);
}

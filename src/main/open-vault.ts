import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { Sealer, SecretScope } from '../domain/ports/secrets.ts';
import type { WantedCredentials } from '../engine/engine.ts';
import { createClouds } from '../vault/clouds/index.ts';
import { type CredentialReference, createCredentialSource } from '../vault/credentials.ts';
import { createManagers, remoteReader } from '../vault/managers/index.ts';
import { createVaultClient, type VaultClient, type VaultServer } from '../vault/managers/vault-client.ts';
import { createSecretOpener } from '../vault/open-secret.ts';
import type { SeenValues } from '../vault/seen-values.ts';
import { createVault, type SecretShelf, type WantedSecret } from '../vault/vault.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a worker (or the doctor) opens secrets and connections with. */
export function openVault(options: {
  config: Config;
  env: Env;
  sealer: Sealer;
  shelf: SecretShelf;
  references: ReadonlyMap<string, CredentialReference>;
  seen: SeenValues;
  /** What a person is called in clusters where steps act as the asker. */
  nameInClusters?: (person: string) => string | undefined;
}) {
  const { config, env, sealer, shelf, references, seen, nameInClusters } = options;
  // The demo uses no real credentials.
  const identity = config.mode === 'demo' ? {} : env;
  const managers = createManagers({
    vaults: vaultClients(config, env, seen.add),
    folders: config.vault.folders,
    env: identity,
    keep: seen.add,
  });
  const vault = createVault(sealer, shelf, remoteReader(managers), seen);
  const openSecret = createSecretOpener({ env, vault });
  const versionOf = (reference: string | undefined, scope: SecretScope) =>
    reference?.startsWith(prefix) ? vault.version(reference.slice(prefix.length), scope) : undefined;
  const credentials = createCredentialSource(
    references,
    openSecret,
    versionOf,
    createClouds(identity, seen.add),
    nameInClusters,
  );
  const wantedOf = (name: string, scope: SecretScope): WantedSecret[] => {
    const { reference, scope: place } = credentials.secretOf(name) ?? { reference: name, scope };
    return reference.startsWith(prefix) ? [{ name: reference.slice(prefix.length), scope: place }] : [];
  };
  return {
    credentials,
    openSecret,
    credentialVersion: (name: string, scope: SecretScope): string | undefined => {
      if (name.startsWith('found:')) return name;
      return name.startsWith(prefix) ? versionOf(name, scope) : credentials.version(name);
    },
    renewSecrets: (wanted: readonly WantedCredentials[] = []): Promise<void> =>
      vault.renew(wanted.flatMap(({ names, scope }) => names.flatMap((name) => wantedOf(name, scope)))),
    values: () => [...credentials.values(), ...vault.values()],
  };
}

const prefix = 'vault:';

/** The HashiCorp Vaults that are configured, and the one of VAULT_ADDR. */
export function vaultClients(
  config: Config,
  env: Env,
  keep: (secret: string) => void,
): ReadonlyMap<string, VaultClient> {
  const open = createSecretOpener({ env });
  const openAndKeep = async (reference: string) => {
    const value = await open(reference, { environment: '*', tool: '*' });
    keep(value);
    return value;
  };
  const usual = config.mode === 'demo' ? undefined : usualServer(env);
  const servers = [...(usual === undefined ? [] : [usual]), ...config.vault.servers];
  return new Map(servers.map((server) => [server.host, createVaultClient(server, openAndKeep, keep)]));
}

function usualServer(env: Env): VaultServer | undefined {
  const { VAULT_ADDR: url, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace, VAULT_CACERT: ca } = env;
  if (!url || !token) return undefined;
  if (!URL.canParse(url)) throw new FaultError('bad-request', 'VAULT_ADDR is no address.');
  return {
    ...{ host: new URL(url).host, url, login: { token: 'env:VAULT_TOKEN' } },
    ...(namespace ? { namespace } : {}),
    ...(ca ? { ca } : {}),
  };
}

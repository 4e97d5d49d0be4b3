import { FaultError } from '../../domain/fault.ts';
import { parseSecretAddress, type SecretAddress } from '../../domain/secret-address.ts';
import { awsManager } from './aws.ts';
import { createAwsClient } from './aws-client.ts';
import { azureManager } from './azure.ts';
import { azureToken } from './azure-token.ts';
import { fileManager } from './file.ts';
import { gcpManager } from './gcp.ts';
import { googleToken } from './gcp-token.ts';
import { hashicorpManager } from './hashicorp.ts';
import { keepToken } from './keep-token.ts';
import type { Manager, RemoteSecret } from './manager.ts';
import type { VaultClient } from './vault-client.ts';

/** Reads a secret where it lies, by its address. Throws FaultError saying what to do, never a value. */
export type ReadRemote = (address: string) => Promise<RemoteSecret>;

export type Managers = { readonly [Kind in SecretAddress['kind']]: Manager<Kind> };

/** The managers that a worker reaches. `keep` is told the credentials that they make on the way, to be masked. */
export function createManagers(options: {
  vaults: ReadonlyMap<string, VaultClient>;
  /** Folders whose files may be read. */
  folders: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  keep: (secret: string) => void;
}): Managers {
  const { vaults, folders, env, keep } = options;
  return {
    vault: hashicorpManager(vaults),
    file: fileManager(folders),
    aws: awsManager(createAwsClient(env, keep)),
    gcp: gcpManager(keepToken(() => googleToken(env), keep)),
    azure: azureManager(keepToken(() => azureToken(env), keep)),
  };
}

export function remoteReader(managers: Managers): ReadRemote {
  return async (text) => {
    const address = parseSecretAddress(text);
    if (address === undefined) throw new FaultError('bad-request', `"${text}" is no address of a secret.`);
    return (managers[address.kind] as Manager<typeof address.kind>)(address as never);
  };
}

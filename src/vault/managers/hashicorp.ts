import { FaultError } from '../../domain/fault.ts';
import { fieldOf } from './ask.ts';
import { type Manager, valueAt } from './manager.ts';
import { saidIn, type VaultClient } from './vault-client.ts';

/** Secrets of the KV engine, version 2, of the Vaults that are configured; others are refused, and learn no token. */
export function hashicorpManager(clients: ReadonlyMap<string, VaultClient>): Manager<'vault'> {
  return async ({ host, path, key }) => {
    const client = clients.get(host);
    if (client === undefined) {
      const known = [...clients.keys()].join(', ') || 'none';
      throw new FaultError(
        'not-found',
        `Vault ${host} is not configured (${known}): add it below vault.servers in reign.yaml, or set VAULT_ADDR.`,
      );
    }
    const { status, body } = await client.call('GET', path);
    const where = `${path} in Vault ${host}`;
    if (status === 403)
      throw new FaultError(
        'not-allowed',
        `Vault ${host} lets Reign not read ${path}${saidIn(body)}: give its policy \`path "${path}" { capabilities = ["read"] }\`, or Reign another token.`,
      );
    const metadata = fieldOf(body, 'data', 'metadata');
    if (status === 404) throw new FaultError('not-found', missing(where, metadata, body));
    if (status !== 200)
      throw new FaultError('unreachable', `Vault ${host} answered ${status}${saidIn(body)}.`);
    const value = valueAt(fieldOf(body, 'data', 'data'), key, where);
    // Versions begin again when a secret is deleted with its metadata; the time tells it apart.
    return { value, version: `${fieldOf(metadata, 'version')} of ${fieldOf(metadata, 'created_time')}` };
  };
}

function missing(where: string, metadata: unknown, body: unknown): string {
  const version = fieldOf(metadata, 'version');
  if (version === undefined) return `There is no secret at ${where}${saidIn(body)}: see \`vault kv put\`.`;
  const how = fieldOf(metadata, 'destroyed') === true ? 'destroyed' : 'deleted';
  return `Version ${version} of ${where} is ${how}: put a new one there.`;
}

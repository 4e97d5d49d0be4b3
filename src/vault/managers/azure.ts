import { FaultError } from '../../domain/fault.ts';
import { createAsk, fieldOf, textOf } from './ask.ts';
import type { Manager } from './manager.ts';

/** Secrets of Azure's key vaults. The version is the one that its id names. */
export function azureManager(
  token: () => Promise<string>,
  urlOf = (vault: string) => `https://${vault}.vault.azure.net`,
): Manager<'azure'> {
  return async ({ vault, name, version }) => {
    const where = `${name} in the key vault ${vault}`;
    const path = version === undefined ? name : `${name}/${version}`;
    const { status, body } = await createAsk(`The key vault ${vault}`)({
      url: `${urlOf(vault)}/secrets/${path}?api-version=7.4`,
      headers: { authorization: `Bearer ${await token()}` },
    });
    const says = fieldOf(body, 'error', 'message');
    if (status === 404) throw new FaultError('not-found', `There is no secret ${where}.`);
    if (status === 401 || status === 403)
      throw new FaultError(
        'not-allowed',
        `Azure lets Reign not read ${where}: give its identity the role "Key Vault Secrets User" there.`,
      );
    if (status !== 200) throw new FaultError('unreachable', `${where} cannot be read: ${says ?? status}.`);
    return { value: textOf(where, body, 'value'), version: textOf(where, body, 'id') };
  };
}

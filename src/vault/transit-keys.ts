import { FaultError } from '../domain/fault.ts';
import type { KeyWrapper } from '../domain/ports/secrets.ts';
import { type Asked, fieldOf, textOf } from './managers/ask.ts';
import { saidIn, type VaultClient } from './managers/vault-client.ts';

/**
 * A master key that never leaves the Transit engine of a HashiCorp Vault. A master key's name here ends with the version
 * of Transit's key.
 */
export function createTransitKeys(
  client: VaultClient,
  { server, mount, key }: { server: string; mount: string; key: string },
): KeyWrapper {
  const who = `Transit's key ${key} in Vault ${server}`;
  const prefix = `transit:${server}/${mount}/${key}:`;
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Asked> => {
    const answer = await client.call(method, `${mount}/${path}`, body);
    if (answer.status < 300) return answer;
    const says = `${answer.status}${saidIn(answer.body)}`;
    if (answer.status !== 403) throw new FaultError('unreachable', `${who} answered ${says} to ${path}.`);
    const policy = `path "${mount}/${path}" { capabilities = ["${method === 'GET' ? 'read' : 'update'}"] }`;
    throw new FaultError('not-allowed', `${who} is not Reign's to use: give its policy \`${policy}\`.`);
  };
  const wrappedIn = ({ body }: Asked) => {
    const wrapped = textOf(who, body, 'data', 'ciphertext');
    return { masterKey: `${prefix}${wrapped.split(':')[1]}`, wrapped };
  };
  const current = async () => {
    const { body } = await call('GET', `keys/${key}`);
    return `${prefix}v${fieldOf(body, 'data', 'latest_version')}`;
  };
  return {
    owns: (masterKey) => masterKey.startsWith(prefix),
    wrap: async (dataKey) =>
      wrappedIn(await call('POST', `encrypt/${key}`, { plaintext: dataKey.toString('base64') })),
    async unwrap(_masterKey, wrapped) {
      const { body } = await call('POST', `decrypt/${key}`, { ciphertext: wrapped });
      return Buffer.from(textOf(who, body, 'data', 'plaintext'), 'base64');
    },
    rewrap: async (_masterKey, wrapped) =>
      wrappedIn(await call('POST', `rewrap/${key}`, { ciphertext: wrapped })),
    current,
    async renew() {
      const { status } = await client.call('POST', `${mount}/keys/${key}/rotate`, {});
      if (status < 300) return current();
      throw new FaultError(
        'unsupported',
        `Turn it there, then rotate again: \`vault write -f ${mount}/keys/${key}/rotate\`.`,
      );
    },
  };
}

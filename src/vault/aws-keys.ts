import { FaultError } from '../domain/fault.ts';
import type { KeyWrapper } from '../domain/ports/secrets.ts';
import { textOf } from './managers/ask.ts';
import { type AwsClient, awsError } from './managers/aws-client.ts';

/** A master key in AWS KMS. Amazon turns its material under the same name, so there is nothing to wrap anew then. */
export function createAwsKeys(call: AwsClient, { region, key }: { region: string; key: string }): KeyWrapper {
  const name = `aws-kms:${region}/${key}`;
  const who = `The key ${key} in AWS KMS (${region})`;
  const kms = async (action: string, body: object) => {
    const answer = await call('kms', region, `TrentService.${action}`, body);
    if (answer.status === 200) return answer.body;
    const { name: error, says } = awsError(answer.body);
    if (error === 'AccessDeniedException')
      throw new FaultError('not-allowed', `${who} is not Reign's to use: allow it kms:${action}.`);
    throw new FaultError('unreachable', `${who} does not answer to ${action}: ${says}.`);
  };
  return {
    owns: (masterKey) => masterKey === name,
    async wrap(dataKey) {
      const body = await kms('Encrypt', { KeyId: key, Plaintext: dataKey.toString('base64') });
      return { masterKey: name, wrapped: textOf(who, body, 'CiphertextBlob') };
    },
    async unwrap(_masterKey, wrapped) {
      const body = await kms('Decrypt', { KeyId: key, CiphertextBlob: wrapped });
      return Buffer.from(textOf(who, body, 'Plaintext'), 'base64');
    },
    async rewrap(_masterKey, wrapped) {
      const ids = { SourceKeyId: key, DestinationKeyId: key };
      const body = await kms('ReEncrypt', { CiphertextBlob: wrapped, ...ids });
      return { masterKey: name, wrapped: textOf(who, body, 'CiphertextBlob') };
    },
    current: async () => name,
    async renew() {
      throw new FaultError(
        'unsupported',
        'AWS turns its keys itself; for another key change vault.masterKey.',
      );
    },
  };
}

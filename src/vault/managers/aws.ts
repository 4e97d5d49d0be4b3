import { FaultError } from '../../domain/fault.ts';
import { fieldOf, textOf } from './ask.ts';
import { type AwsClient, awsError } from './aws-client.ts';
import { type Manager, textOrKey } from './manager.ts';

/** Secrets of AWS Secrets Manager: the version in use now. */
export function awsManager(call: AwsClient): Manager<'aws'> {
  return async ({ region, name, key }) => {
    const where = `${name} in AWS Secrets Manager (${region})`;
    const { status, body } = await call('secretsmanager', region, 'secretsmanager.GetSecretValue', {
      SecretId: name,
    });
    if (status !== 200) throw refusal(where, name, body);
    const text = fieldOf(body, 'SecretString');
    const value =
      typeof text === 'string'
        ? text
        : Buffer.from(textOf('AWS', body, 'SecretBinary'), 'base64').toString('utf8');
    return { value: textOrKey(value, key, where), version: textOf('AWS', body, 'VersionId') };
  };
}

function refusal(where: string, name: string, body: unknown): FaultError {
  const error = awsError(body);
  if (error.name === 'ResourceNotFoundException')
    return new FaultError('not-found', `There is no secret ${where}, or nothing is in it.`);
  if (error.name === 'AccessDeniedException')
    return new FaultError(
      'not-allowed',
      `AWS lets Reign not read ${where}: allow it secretsmanager:GetSecretValue on ${name} (and kms:Decrypt on its key).`,
    );
  if (/Token|Signature|Credential/i.test(error.name))
    return new FaultError('not-allowed', `AWS refuses the worker's credentials (${error.name}): renew them.`);
  return new FaultError('unreachable', `${where} cannot be read: ${error.says}.`);
}

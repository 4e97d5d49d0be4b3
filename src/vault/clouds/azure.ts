import type { CloudAccess, CloudCredential, WantedCloud } from '../../domain/cloud.ts';
import { FaultError } from '../../domain/fault.ts';
import { entraToken, readFederatedToken } from '../managers/azure-token.ts';

type Azure = NonNullable<CloudAccess['azure']>;
type Env = Readonly<Record<string, string | undefined>>;

/** A token of the application for one of Azure's APIs, as Azure's libraries read it from a machine's identity. */
export async function azureCredential(
  env: Env,
  { tenant, client, planClient }: Azure,
  right: WantedCloud['right'],
  resource: string,
): Promise<CloudCredential> {
  const file = env['AZURE_FEDERATED_TOKEN_FILE'];
  if (!file)
    throw new FaultError(
      'unreachable',
      'The worker has no federated token for Azure: set AZURE_FEDERATED_TOKEN_FILE (a workload identity does).',
    );
  const { token, seconds } = await entraToken(env, {
    ...{ tenant, resource, client: right === 'look' ? planClient : client },
    proof: await readFederatedToken(file),
  });
  const until = Date.now() + seconds * 1000;
  return {
    answer: {
      ...{ access_token: token, token_type: 'Bearer', resource },
      // As Azure's own endpoint has it: numbers as texts.
      expires_in: String(seconds),
      expires_on: String(Math.floor(until / 1000)),
    },
    secrets: [token],
    until,
  };
}

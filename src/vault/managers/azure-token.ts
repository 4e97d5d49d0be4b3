import { readFile } from 'node:fs/promises';
import { FaultError } from '../../domain/fault.ts';
import { createAsk, fieldOf, textOf } from './ask.ts';

type Env = Readonly<Record<string, string | undefined>>;

const resource = 'https://vault.azure.net';
/** Azure's metadata server, the same on every machine. */
const metadataServer = 'http://169.254.169.254';

/**
 * A token for key vaults: of a workload identity (AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE), with
 * AZURE_CLIENT_SECRET, else of the machine's managed identity. AZURE_AUTHORITY_HOST replaces the sign-in's address.
 */
export async function azureToken(env: Env): Promise<{ token: string; seconds: number }> {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client } = env;
  const { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_CLIENT_SECRET: secret } = env;
  if (!tenant || !client || !(file || secret)) return ofMachine(env, client);
  const proof = file ? await readFederatedToken(file) : { client_secret: secret ?? '' };
  return entraToken(env, { tenant, client, resource, proof });
}

/** Asks Microsoft Entra for a token of an application for one API (`resource`). */
export async function entraToken(
  env: Env,
  asked: { tenant: string; client: string; resource: string; proof: Readonly<Record<string, string>> },
): Promise<{ token: string; seconds: number }> {
  const { tenant, client, resource: api, proof } = asked;
  const scope = `${api.replace(/\/+$/, '')}/.default`;
  const form = { grant_type: 'client_credentials', client_id: client, scope, ...proof };
  const host = (env['AZURE_AUTHORITY_HOST'] || 'https://login.microsoftonline.com').replace(/\/+$/, '');
  return tokenIn(
    await createAsk('Microsoft Entra')({
      url: `${host}/${tenant}/oauth2/v2.0/token`,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    }),
  );
}

async function ofMachine(env: Env, client: string | undefined): Promise<{ token: string; seconds: number }> {
  const query = new URLSearchParams({
    'api-version': '2018-02-01',
    resource,
    ...(client ? { client_id: client } : {}),
  });
  const url = `${env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] || metadataServer}/metadata/identity/oauth2/token?${query}`;
  return tokenIn(await createAsk('The metadata server of Azure')({ url, headers: { metadata: 'true' } }));
}

function tokenIn({ status, body }: { status: number; body: unknown }): { token: string; seconds: number } {
  if (status !== 200) {
    const says = fieldOf(body, 'error') ?? status;
    throw new FaultError('not-allowed', `Azure gives this worker no token (${says}): check its identity.`);
  }
  return { token: textOf('Azure', body, 'access_token'), seconds: Number(fieldOf(body, 'expires_in') ?? 0) };
}

/** What a workload identity proves itself with. */
export async function readFederatedToken(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError('unreachable', `AZURE_FEDERATED_TOKEN_FILE ${file} cannot be read: ${error.code}.`);
  });
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: text.trim(),
  };
}

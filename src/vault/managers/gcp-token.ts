import { readFile } from 'node:fs/promises';
import { importPKCS8, SignJWT } from 'jose';
import { FaultError } from '../../domain/fault.ts';
import { createAsk, fieldOf, textOf } from './ask.ts';

type Env = Readonly<Record<string, string | undefined>>;

const who = 'Google';
const scope = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * A token for Google's APIs: CLOUDSDK_AUTH_ACCESS_TOKEN, else for the service account whose key
 * GOOGLE_APPLICATION_CREDENTIALS names, else of the workload from the metadata server (GCE_METADATA_HOST).
 */
export async function googleToken(env: Env): Promise<{ token: string; seconds: number }> {
  const { CLOUDSDK_AUTH_ACCESS_TOKEN: given, GOOGLE_APPLICATION_CREDENTIALS: file } = env;
  if (given) return { token: given, seconds: 60 };
  return file ? byKey(file) : ofWorkload(env['GCE_METADATA_HOST'] || 'metadata.google.internal');
}

async function byKey(file: string): Promise<{ token: string; seconds: number }> {
  const account = await readAccount(file);
  const key = await importPKCS8(textOf(file, account, 'private_key'), 'RS256');
  const url = textOf(file, account, 'token_uri');
  const assertion = await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(textOf(file, account, 'client_email'))
    .setAudience(url)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key);
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return tokenIn(await createAsk(who)({ url, method: 'POST', headers, body: form.toString() }));
}

async function ofWorkload(host: string): Promise<{ token: string; seconds: number }> {
  const url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`;
  const ask = createAsk('The metadata server of Google');
  return tokenIn(await ask({ url, headers: { 'metadata-flavor': 'Google' } }));
}

function tokenIn({ status, body }: { status: number; body: unknown }): { token: string; seconds: number } {
  if (status !== 200)
    throw new FaultError('not-allowed', `Google gives this worker no token (${status}): check its account.`);
  return { token: textOf(who, body, 'access_token'), seconds: Number(fieldOf(body, 'expires_in') ?? 0) };
}

async function readAccount(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError(
      'unreachable',
      `GOOGLE_APPLICATION_CREDENTIALS ${file} cannot be read: ${error.code}.`,
    );
  });
  const account = parse(text);
  if (fieldOf(account, 'type') === 'service_account') return account;
  throw new FaultError(
    'unsupported',
    `${file} is no key of a service account. Set CLOUDSDK_AUTH_ACCESS_TOKEN, or run the worker with a workload identity.`,
  );
}

/** What is wrong with a key's file must not show its text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

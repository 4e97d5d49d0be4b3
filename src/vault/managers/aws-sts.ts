import { readFile } from 'node:fs/promises';
import { AwsV4Signer } from 'aws4fetch';
import { FaultError } from '../../domain/fault.ts';
import { createAsk, fieldOf, textOf } from './ask.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `until` is when to ask for others, in milliseconds since 1970. */
export type AwsKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; until: number };

/** The worker's own: of the environment, else those that a workload identity gets from STS. */
export async function findKeys(env: Env, region: string): Promise<AwsKeys> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file } = env;
  if (accessKeyId && secretAccessKey)
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}), until: Infinity };
  if (role && file) return ofWorkload(env, region, role, file);
  throw new FaultError(
    'unreachable',
    'The worker has no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.',
  );
}

async function ofWorkload(env: Env, region: string, role: string, file: string): Promise<AwsKeys> {
  const token = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError('unreachable', `AWS_WEB_IDENTITY_TOKEN_FILE ${file} cannot be read: ${error.code}.`);
  });
  const fields = { RoleSessionName: 'reign', RoleArn: role, WebIdentityToken: token.trim() };
  const { until, ...keys } = await assumeRole(env, region, 'AssumeRoleWithWebIdentity', fields);
  return { ...keys, until: until - 300_000 };
}

/**
 * Exchanges keys, or a token among the fields, for those of a role by STS; `until` is when they end.
 * Throws FaultError `not-allowed` where STS refuses.
 */
export async function assumeRole(
  env: Env,
  region: string,
  action: 'AssumeRole' | 'AssumeRoleWithWebIdentity',
  fields: Readonly<Record<string, string>>,
  keys?: AwsKeys,
): Promise<AwsKeys> {
  const form = new URLSearchParams({ Action: action, Version: '2011-06-15', ...fields });
  const request = {
    url: endpoint(env, 'sts', region),
    method: 'POST' as const,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
  };
  const headers = keys === undefined ? request.headers : await signed(request, region, keys);
  const { status, body } = await createAsk('AWS STS')({ ...request, headers });
  if (status !== 200) throw refusal(fields['RoleArn'] ?? '', action, status, body);
  const path = [`${action}Response`, `${action}Result`, 'Credentials'];
  const field = (name: string) => textOf('AWS STS', body, ...path, name);
  const end = Number(fieldOf(body, ...path, 'Expiration')) * 1000;
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
    until: Number.isFinite(end) ? end : Date.now() + 600_000,
  };
}

/** The address of a service, which AWS's own variables may replace. */
export function endpoint(env: Env, service: string, region: string): string {
  const own = service === 'secretsmanager' ? 'SECRETS_MANAGER' : service.toUpperCase();
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return (
    env[`AWS_ENDPOINT_URL_${own}`] ?? env['AWS_ENDPOINT_URL'] ?? `https://${service}.${region}.${suffix}/`
  );
}

type Request = { url: string; method: 'POST'; headers: Record<string, string>; body: string };

async function signed(request: Request, region: string, { until, ...keys }: AwsKeys) {
  const { headers } = await new AwsV4Signer({ ...request, ...keys, service: 'sts', region }).sign();
  return Object.fromEntries(headers.entries());
}

function refusal(role: string, action: string, status: number, body: unknown): FaultError {
  const code = fieldOf(body, 'Error', 'Code') ?? status;
  return new FaultError(
    'not-allowed',
    `AWS STS does not give ${role} to Reign (${code}): allow it sts:${action} there, in the trust policy of the role.`,
  );
}

import { readFile } from 'node:fs/promises';
import { AwsV4Signer } from 'aws4fetch';
import { FaultError } from '../../domain/fault.ts';
import { type Asked, createAsk, fieldOf, textOf } from './ask.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; until: number };

/** Calls one of Amazon's services by its JSON protocol. */
export type AwsClient = (
  service: 'secretsmanager' | 'kms',
  region: string,
  action: string,
  body: object,
) => Promise<Asked>;

/**
 * Signs with the keys of the environment (AWS_ACCESS_KEY_ID and so on), else with those that a workload identity gets
 * from STS (AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE). Addresses may be replaced by AWS's own AWS_ENDPOINT_URL_….
 */
export function createAwsClient(env: Env, keep: (secret: string) => void = () => undefined): AwsClient {
  let keys: Promise<Keys> | undefined;
  const current = async (region: string) => {
    const now = await keys?.catch(() => undefined);
    if (now !== undefined && now.until > Date.now()) return now;
    keys = findKeys(env, region);
    const found = await keys;
    for (const secret of [found.secretAccessKey, found.sessionToken]) if (secret !== undefined) keep(secret);
    return found;
  };
  return async (service, region, action, body) => {
    const { until, ...signing } = await current(region);
    const signer = new AwsV4Signer({
      ...{ ...signing, service, region, method: 'POST', url: endpoint(env, service, region) },
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': action },
      body: JSON.stringify(body),
    });
    const { url, headers } = await signer.sign();
    const ask = createAsk(`AWS ${service} in ${region}`);
    const signed = Object.fromEntries(headers.entries());
    return ask({ url: url.href, method: 'POST', headers: signed, body: JSON.stringify(body) });
  };
}

/** What AWS said was wrong: the name of the error, and its words. */
export function awsError(body: unknown): { name: string; says: string } {
  const name = String(fieldOf(body, '__type') ?? 'an error').replace(/^.*#/, '');
  const says = fieldOf(body, 'message') ?? fieldOf(body, 'Message');
  return { name, says: typeof says === 'string' ? `${name}: ${says}` : name };
}

function endpoint(env: Env, service: string, region: string): string {
  const own = service === 'secretsmanager' ? 'SECRETS_MANAGER' : service.toUpperCase();
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return (
    env[`AWS_ENDPOINT_URL_${own}`] ?? env['AWS_ENDPOINT_URL'] ?? `https://${service}.${region}.${suffix}/`
  );
}

async function findKeys(env: Env, region: string): Promise<Keys> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file } = env;
  if (accessKeyId && secretAccessKey)
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}), until: Infinity };
  if (role && file) return assumeRole(env, region, role, file);
  throw new FaultError(
    'unreachable',
    'The worker has no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.',
  );
}

async function assumeRole(env: Env, region: string, role: string, file: string): Promise<Keys> {
  const token = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError('unreachable', `AWS_WEB_IDENTITY_TOKEN_FILE ${file} cannot be read: ${error.code}.`);
  });
  const form = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleSessionName: 'reign' },
    ...{ RoleArn: role, WebIdentityToken: token.trim() },
  });
  const { status, body } = await createAsk('AWS STS')({
    url: endpoint(env, 'sts', region),
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
  });
  if (status !== 200)
    throw new FaultError('not-allowed', `AWS STS does not give ${role} to this workload (${status}).`);
  const path = ['AssumeRoleWithWebIdentityResponse', 'AssumeRoleWithWebIdentityResult', 'Credentials'];
  const field = (name: string) => textOf('AWS STS', body, ...path, name);
  const end = Number(fieldOf(body, ...path, 'Expiration')) * 1000;
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
    until: (Number.isFinite(end) ? end : Date.now() + 600_000) - 300_000,
  };
}

import { AwsV4Signer } from 'aws4fetch';
import { type Asked, createAsk, fieldOf } from './ask.ts';
import { type AwsKeys, endpoint, findKeys } from './aws-sts.ts';

type Env = Readonly<Record<string, string | undefined>>;

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
  let keys: Promise<AwsKeys> | undefined;
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

import type { CloudAccess, CloudCredential, WantedCloud } from '../../domain/cloud.ts';
import { type AwsKeys, assumeRole, findKeys } from '../managers/aws-sts.ts';

type Aws = NonNullable<CloudAccess['aws']>;
type Env = Readonly<Record<string, string | undefined>>;
type Secrets = { open: (reference: string) => Promise<string>; keep: (secret: string) => void };

/** A plan is over within minutes; 15 of them are the shortest that STS gives. */
const seconds = { look: 900, write: 3600 };

/**
 * Keys of the role, as AWS's libraries read them from a container's endpoint. What only looks gets `planRole`, or the
 * role narrowed by AWS's own policy ReadOnlyAccess.
 */
export async function awsCredential(
  env: Env,
  aws: Aws,
  { right, session }: Pick<WantedCloud, 'right' | 'session'>,
  { open, keep }: Secrets,
): Promise<CloudCredential> {
  const { region, webIdentity, externalId } = aws;
  const fields = {
    RoleSessionName: session,
    DurationSeconds: String(seconds[right]),
    ...roleFor(aws, right),
  };
  const own = async (): Promise<AwsKeys> => {
    const { keys } = aws;
    if (keys === undefined) return findKeys(env, region);
    return { accessKeyId: keys.id, secretAccessKey: await open(keys.secret), until: Infinity };
  };
  const ask = async () => {
    if (webIdentity !== undefined) {
      const withToken = { ...fields, WebIdentityToken: await open(webIdentity) };
      return assumeRole(env, region, 'AssumeRoleWithWebIdentity', withToken);
    }
    const base = await own();
    for (const secret of [base.secretAccessKey, base.sessionToken]) if (secret !== undefined) keep(secret);
    const withId = externalId === undefined ? fields : { ...fields, ExternalId: externalId };
    return assumeRole(env, region, 'AssumeRole', withId, base);
  };
  const { accessKeyId, secretAccessKey, sessionToken = '', until } = await ask();
  const Expiration = new Date(until).toISOString();
  return {
    answer: { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, Expiration },
    secrets: [secretAccessKey, sessionToken],
    until,
  };
}

function roleFor({ role, planRole }: Aws, right: WantedCloud['right']): Record<string, string> {
  if (right === 'write') return { RoleArn: role };
  if (planRole !== undefined) return { RoleArn: planRole };
  const [, partition = 'aws'] = role.split(':');
  return { RoleArn: role, 'PolicyArns.member.1.arn': `arn:${partition}:iam::aws:policy/ReadOnlyAccess` };
}

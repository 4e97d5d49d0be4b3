import type { CloudAccess, CloudCredential, WantedCloud } from '../../domain/cloud.ts';
import { FaultError } from '../../domain/fault.ts';
import { createAsk, fieldOf, textOf } from '../managers/ask.ts';
import { googleToken } from '../managers/gcp-token.ts';

type Google = NonNullable<CloudAccess['google']>;
type Env = Readonly<Record<string, string | undefined>>;

const scopes = 'https://www.googleapis.com/auth/';
const who = "Google's IAM";

/**
 * A token of the service account, as Google's libraries read it from a metadata server. What only looks gets
 * `planServiceAccount`, or a token whose scope only reads.
 */
export async function googleCredential(
  env: Env,
  { serviceAccount, planServiceAccount }: Google,
  right: WantedCloud['right'],
  keep: (secret: string) => void,
): Promise<CloudCredential> {
  const account = right === 'look' ? (planServiceAccount ?? serviceAccount) : serviceAccount;
  const narrowed = right === 'look' && planServiceAccount === undefined;
  const { token } = await googleToken(env);
  keep(token);
  const base =
    env['CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS'] || 'https://iamcredentials.googleapis.com/';
  const { status, body } = await createAsk(who)({
    url: `${base.replace(/\/+$/, '')}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      scope: [`${scopes}${narrowed ? 'cloud-platform.read-only' : 'cloud-platform'}`],
      lifetime: right === 'look' ? '900s' : '3600s',
    }),
  });
  if (status !== 200) {
    const says = fieldOf(body, 'error', 'status') ?? status;
    throw new FaultError(
      'not-allowed',
      `Google does not let Reign act as ${account} (${says}): give its account roles/iam.serviceAccountTokenCreator on it.`,
    );
  }
  const made = textOf(who, body, 'accessToken');
  const until = Date.parse(textOf(who, body, 'expireTime'));
  const expires_in = Math.max(0, Math.floor((until - Date.now()) / 1000));
  return { answer: { access_token: made, expires_in, token_type: 'Bearer' }, secrets: [made], until };
}

import { FaultError } from '../domain/fault.ts';
import type { ServerAccess } from '../domain/ports/credentials.ts';
import { createAsk, fieldOf, textOf } from './managers/ask.ts';
import type { Minted } from './mint.ts';

/** The shortest life that Kubernetes gives a token. */
const seconds = 600;

/** Exchanges a credential for a ten-minute token of a service account (`NAMESPACE/NAME`) by TokenRequest. */
export async function mintServiceAccountToken(
  { url, headers = {}, tls }: ServerAccess,
  serviceAccount: string,
): Promise<Minted> {
  const [namespace = '', name = ''] = serviceAccount.split('/');
  const who = 'The Kubernetes API';
  const { status, body } = await createAsk(
    who,
    tls,
  )({
    url: `${addressOf(url)}/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' },
      spec: { expirationSeconds: seconds },
    }),
  });
  const account = `the service account ${serviceAccount}`;
  if (status === 404)
    throw new FaultError(
      'not-found',
      `There is no ${account.slice(4)}: \`kubectl -n ${namespace} create serviceaccount ${name}\`.`,
    );
  if (status === 401 || status === 403)
    throw new FaultError(
      'not-allowed',
      `The kubeconfig's user may not make tokens of ${account}: allow it to create serviceaccounts/token there.`,
    );
  if (status !== 201) {
    const said = fieldOf(body, 'message') ?? 'no reason';
    throw new FaultError('unreachable', `${who} makes no token of ${account}: ${status}, ${said}.`);
  }
  return {
    token: textOf(who, body, 'status', 'token'),
    until: Date.parse(textOf(who, body, 'status', 'expirationTimestamp')),
  };
}

/** Without a user and password, which kubectl may be given there. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** The same server, reached with a minted token and nothing else. */
export function withToken(access: ServerAccess, { token, until }: Minted): ServerAccess {
  const { cert, key, ...tls } = access.tls ?? {};
  return {
    ...access,
    headers: { authorization: `Bearer ${token}` },
    ...(access.tls === undefined ? {} : { tls }),
    secrets: [...access.secrets, token],
    until,
  };
}

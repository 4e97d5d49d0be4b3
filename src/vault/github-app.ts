import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { FaultError } from '../domain/fault.ts';
import { createAsk, fieldOf, textOf } from './managers/ask.ts';
import type { Minted } from './mint.ts';

/** A GitHub App and where it is installed. */
export type GithubApp = { id: string; installation: string };

/**
 * Exchanges an App's key for a token of its installation that reaches `repositories` alone (names without their owner;
 * all of the installation's where none are given).
 */
export async function mintInstallationToken(
  url: string,
  { id, installation }: GithubApp,
  key: string,
  repositories: readonly string[] | undefined,
): Promise<Minted> {
  const jwt = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(id)
    // GitHub refuses a time that its own clock has not reached, and more than ten minutes.
    .setIssuedAt(Math.floor(Date.now() / 1000) - 60)
    .setExpirationTime(Math.floor(Date.now() / 1000) + 540)
    .sign(readKey(id, key));
  const { status, body } = await createAsk('GitHub')({
    url: `${url.replace(/\/+$/, '')}/app/installations/${installation}/access_tokens`,
    method: 'POST',
    headers: {
      authorization: `Bearer ${jwt}`,
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
      'user-agent': 'reign',
    },
    body: JSON.stringify(repositories === undefined ? {} : { repositories }),
  });
  if (status !== 201) throw refusal({ id, installation }, status, fieldOf(body, 'message'), repositories);
  return {
    token: textOf('GitHub', body, 'token'),
    until: Date.parse(textOf('GitHub', body, 'expires_at')),
  };
}

function readKey(id: string, key: string) {
  try {
    return createPrivateKey(key);
  } catch {
    throw new FaultError(
      'bad-request',
      `The key of the GitHub App ${id} is no private key in PEM, as GitHub makes them.`,
    );
  }
}

function refusal(
  { id, installation }: GithubApp,
  status: number,
  message: unknown,
  repositories: readonly string[] = [],
): FaultError {
  const said = typeof message === 'string' ? ` (${message.slice(0, 200)})` : '';
  const app = `the GitHub App ${id}`;
  if (status === 401)
    return new FaultError('not-allowed', `GitHub refuses ${app}${said}: its key or this clock is wrong.`);
  if (status === 404)
    return new FaultError('not-found', `There is no installation ${installation} of ${app}: install it.`);
  if (status === 422)
    return new FaultError(
      'not-allowed',
      `The installation ${installation} of ${app} does not reach ${repositories.join(', ')}: add them to it.`,
    );
  if (status === 403)
    return new FaultError('not-allowed', `The installation ${installation} of ${app} is suspended${said}.`);
  return new FaultError('unreachable', `GitHub gives ${app} no token: it answered ${status}${said}.`);
}

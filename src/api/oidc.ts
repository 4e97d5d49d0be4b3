import * as client from 'openid-client';
import { FaultError } from '../domain/fault.ts';
import { isLoopback } from '../domain/loopback.ts';

export type OidcOptions = {
  issuer: string;
  clientId: string;
  scopes: readonly string[];
  /** Absent for a public client. */
  clientSecret?: string;
  /** Where people reach Reign, without a trailing slash. */
  publicUrl: () => string;
};

/** What the browser that began a sign-in must bring back. */
export type SignInChecks = { state: string; nonce: string; verifier: string };

export type OidcSignIn = {
  /** Whether the cookies may travel by HTTPS alone. */
  secure: () => boolean;
  /** Where to send the browser, and what it must bring back. Throws FaultError `unreachable`. */
  begin(): Promise<{ url: string; checks: SignInChecks }>;
  /** Who has signed in at the provider. Throws FaultError `not-signed-in` for an answer that is not to be believed. */
  finish(query: string, checks: SignInChecks): Promise<{ issuer: string; subject: string }>;
};

/** The path that the provider sends people back to. */
export const callbackPath = '/auth/callback';

/** Authorization code flow with PKCE, state and nonce. The provider is asked about itself at the first sign-in. */
export function createOidc(options: OidcOptions): OidcSignIn {
  const { issuer, clientId, clientSecret, scopes, publicUrl } = options;
  let known: Promise<client.Configuration> | undefined;
  const provider = () => {
    known ??= discover(issuer, clientId, clientSecret).catch((error: Error) => {
      known = undefined;
      throw new FaultError('unreachable', `The provider ${issuer} cannot be asked: ${error.message}.`);
    });
    return known;
  };
  const redirect = () => `${publicUrl()}${callbackPath}`;
  return {
    secure: () => publicUrl().startsWith('https:'),
    async begin() {
      const checks = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(await provider(), {
        redirect_uri: redirect(),
        scope: scopes.join(' '),
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, checks };
    },
    async finish(query, { state, nonce, verifier }) {
      const configuration = await provider();
      const answer = await client
        .authorizationCodeGrant(configuration, new URL(`${redirect()}${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        .catch((error: Error) => {
          throw new FaultError('not-signed-in', `The provider did not sign you in: ${error.message}.`);
        });
      const claims = answer.claims();
      if (!claims) throw new FaultError('not-signed-in', 'The provider did not say who you are.');
      return { issuer: claims.iss, subject: claims.sub };
    },
  };
}

async function discover(
  issuer: string,
  clientId: string,
  clientSecret: string | undefined,
): Promise<client.Configuration> {
  const address = new URL(issuer);
  const authentication = clientSecret ? client.ClientSecretPost(clientSecret) : client.None();
  // Without TLS anybody on the way could be the provider; nobody is on the way to this machine itself.
  const plain = address.protocol === 'http:' && isLoopback(address.hostname);
  const execute = plain ? [client.allowInsecureRequests] : [];
  return client.discovery(address, clientId, undefined, authentication, { execute });
}

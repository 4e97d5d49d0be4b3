import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export type TestProvider = {
  issuer: string;
  clientId: string;
  /** Who signs in next: the subject that the provider knows them by. */
  subject: string;
  /** Where people may be sent back to; nobody can sign in before. */
  allow(redirectUri: string): void;
  stop(): Promise<void>;
};

/**
 * A real OpenID provider on a free port, with one public client that must use PKCE. Nobody is asked for a password:
 * whoever comes is `subject`, and consents. Everybody has the same e-mail address.
 */
export async function startOidcProvider(): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const started: TestProvider = {
    issuer,
    clientId: 'reign',
    subject: '',
    allow(redirectUri) {
      const provider = createProvider(issuer, redirectUri);
      const answer = provider.callback();
      server.on('request', (request, response) => {
        if (request.url?.startsWith('/interaction/'))
          void agree(provider, started.subject, request, response);
        else void answer(request, response);
      });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return started;
}

function createProvider(issuer: string, redirectUri: string): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'reign',
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
    ],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: 'alice@example.com' }),
    }),
    cookies: { keys: ['only for tests'] },
  });
}

type Exchange = Parameters<ReturnType<Provider['callback']>>;

/** Ends whatever the provider asks about, sign-in or consent, in favour of the subject. */
async function agree(provider: Provider, subject: string, ...[request, response]: Exchange): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const result = { login: { accountId: subject } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  const grant = new provider.Grant({ accountId: subject, clientId: String(params['client_id']) });
  grant.addOIDCScope('openid');
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { FaultError, faultTable } from '../domain/fault.ts';
import { personBehind } from '../engine/chat/identify.ts';
import type { ApiContext } from './context.ts';
import { callbackPath, type OidcSignIn } from './oidc.ts';
import { beginSession } from './session-routes.ts';

const checksCookie = 'reign_sign_in';
/** How long somebody may take at the provider, in seconds. */
const longestSignIn = 600;
const checksSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** `/auth/oidc` sends people to the provider, and `/auth/callback` begins the session of who comes back. */
export function oidcRoutes(context: ApiContext, oidc: OidcSignIn) {
  return async (app: FastifyInstance): Promise<void> => {
    const hide = { schema: { hide: true } };
    const cookie = () => ({ httpOnly: true, path: '/auth', secure: oidc.secure() });
    app.get('/auth/oidc', hide, (_request, reply) =>
      told(reply, async () => {
        const { url, checks } = await oidc.begin();
        // Lax: it comes along when the provider sends the browser back.
        const kept = { ...cookie(), sameSite: 'lax' as const, maxAge: longestSignIn };
        return reply.setCookie(checksCookie, encoded(checks), kept).redirect(url);
      }),
    );
    app.get(callbackPath, hide, (request, reply) =>
      told(reply, async () => {
        const checks = decoded(request.cookies[checksCookie]);
        reply.clearCookie(checksCookie, cookie());
        if (!checks) {
          throw new FaultError(
            'not-signed-in',
            'This sign-in was not begun in this browser, or too long ago. Begin again from the first page.',
          );
        }
        const { issuer, subject } = await oidc.finish(request.url.slice(callbackPath.length), checks);
        // The immutable id decides, and nothing else that a token says.
        const person = personBehind(context.engine, { platform: 'oidc', team: issuer, user: subject });
        if (!person) {
          context.engine.logger.warn({ issuer, subject }, 'somebody unknown has signed in');
          throw new FaultError(
            'not-allowed',
            `${issuer} knows you as ${subject}, and nobody here is that: people.oidc in reign.yaml.`,
          );
        }
        await beginSession(context, reply, person.name, { issuer, subject });
        return reply.redirect('/');
      }),
    );
  };
}

/** A refusal is read by somebody in front of a browser. */
async function told(reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const { status } = faultTable[error.fault.code];
    return reply.code(status).type('text/plain; charset=utf-8').send(`${error.message}\n`);
  }
}

function encoded(checks: z.output<typeof checksSchema>): string {
  return Buffer.from(JSON.stringify(checks)).toString('base64url');
}

function decoded(cookie: string | undefined): z.output<typeof checksSchema> | undefined {
  try {
    return checksSchema.parse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

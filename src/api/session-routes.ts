import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import { bearer, requirePerson, sessionCookie } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const sessionHours = 12;

/** Sign-in by a single-use link, the session, and the demo's switch of persons. */
export function sessionRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine, sessions } = context;
    api.post(
      '/session',
      { schema: { body: z.object({ token: z.string().min(1).max(200) }), tags: ['session'] } },
      async (request, reply) => {
        const now = engine.clock.now();
        const person = await sessions.useLink(request.body.token, now);
        if (person === undefined) {
          throw new FaultError(
            'not-signed-in',
            'This link was used already or is too old: run `npx reign link`.',
          );
        }
        await beginSession(context, reply, person, {});
        return { person };
      },
    );
    api.get('/sign-in', { schema: { tags: ['session'] } }, async () => ({
      oidc: context.oidc !== undefined,
    }));
    const preHandler = requirePerson(context);
    api.get('/session', { preHandler, schema: { tags: ['session'] } }, async ({ person }) => ({
      person: person.name,
      people: context.mode === 'demo' ? engine.people.all().map(({ name }) => name) : [],
      mode: context.mode,
      environments: engine.environments.map(({ name, tier, connections }) => ({
        name,
        tier,
        demo: connections.some(({ demo }) => demo),
      })),
      connections: context.connections(),
      examples: context.examples,
    }));
    api.post(
      '/session/person',
      { preHandler, schema: { body: z.object({ person: z.string().max(100) }), tags: ['session'] } },
      async (request) => {
        if (context.mode !== 'demo')
          throw new FaultError('not-allowed', 'Only the demo lets people be switched.');
        const person = engine.people.find(request.body.person);
        const token = request.cookies[sessionCookie];
        if (!person || !token)
          throw new FaultError('not-found', `The demo has nobody called ${request.body.person}.`);
        await sessions.switchSession(token, person.name);
        await engine.store.transaction(async (tx) => {
          tx.audit('access', 'session.switched', request.person.name, { to: person.name });
        });
        return { person: person.name };
      },
    );
    api.delete('/session', { preHandler, schema: { tags: ['session'] } }, async (request, reply) => {
      const token = request.cookies[sessionCookie];
      if (token) await sessions.endSession(token);
      reply.clearCookie(sessionCookie, { path: '/' });
      return {};
    });
    api.post('/links', { preHandler, schema: { tags: ['session'] } }, async ({ person, headers }) => {
      // Where a provider says who somebody is, a session does not prolong itself past it.
      if (context.oidc && !bearer.test(headers.authorization ?? ''))
        throw new FaultError(
          'not-allowed',
          'Sign-in links come from the command line: run `npx reign link`.',
        );
      return { token: await newSignInLink(context, person.name) };
    });
  };
}

/** Begins the session of who has shown who they are; `how` is for the record. */
export async function beginSession(
  { engine, sessions, oidc }: ApiContext,
  reply: FastifyReply,
  person: string,
  how: { [field: string]: string },
): Promise<void> {
  const now = engine.clock.now();
  const token = randomBytes(32).toString('base64url');
  await sessions.addSession(token, person, now, new Date(now.getTime() + sessionHours * 3_600_000));
  await engine.store.transaction(async (tx) => tx.audit('access', 'session.begun', person, how));
  const secure = oidc?.secure() ?? false;
  reply.setCookie(sessionCookie, token, { httpOnly: true, sameSite: 'strict', path: '/', secure });
}

/** A single-use sign-in token, good for five minutes. */
export async function newSignInLink({ engine, sessions }: ApiContext, person: string): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await sessions.addLink(token, person, new Date(engine.clock.now().getTime() + 5 * 60_000));
  return token;
}

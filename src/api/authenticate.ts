import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultError } from '../domain/fault.ts';
import type { Person } from '../domain/person.ts';
import type { ApiContext } from './context.ts';

export const sessionCookie = 'reign_session';
export const bearer = /^Bearer (.+)$/;

/**
 * Refuses what a foreign page could send: a Host that is not ours (DNS rebinding), a foreign Origin on a change or an
 * upgrade, and changes by cookie without the header that a foreign form cannot set.
 */
export async function checkOrigin(context: ApiContext, request: FastifyRequest): Promise<void> {
  // A chat platform calls by the public name and no browser is behind it; what it sends is signed.
  if (context.webhooks.some(({ path }) => request.url.split('?')[0] === path)) return;
  const hosts = context.hosts();
  if (!hosts.includes(request.headers.host ?? '')) {
    throw new FaultError('not-allowed', 'This address is not one that Reign is served at.');
  }
  const upgrade = request.headers.upgrade !== undefined;
  const safe = (request.method === 'GET' || request.method === 'HEAD') && !upgrade;
  if (safe) return;
  const { origin } = request.headers;
  if (
    origin !== undefined &&
    !hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`)
  ) {
    throw new FaultError('not-allowed', 'Requests from another page are refused.');
  }
  // Only a bearer token says that no browser sent this by itself: a page's address may carry other credentials.
  const byToken = bearer.test(request.headers.authorization ?? '');
  if (upgrade && origin === undefined && !byToken) {
    throw new FaultError('not-allowed', 'An upgrade needs an Origin.');
  }
  if (!upgrade && !byToken && request.headers['x-reign'] === undefined) {
    throw new FaultError('not-allowed', 'The header x-reign is missing.');
  }
}

/** Finds the person behind a request: the command line's bearer token, or a session. Throws `not-signed-in`. */
export async function signedIn(context: ApiContext, request: FastifyRequest): Promise<Person> {
  const name = byCommandLine(context, request) ?? (await bySession(context, request));
  const person = name === undefined ? undefined : context.engine.people.find(name);
  // `local: false` keeps a person to their chat platform.
  if (!person?.principals.some(({ platform }) => platform === 'local')) {
    throw new FaultError(
      'not-signed-in',
      'Sign in with the link that `reign start` printed, or run `npx reign link`.',
    );
  }
  return person;
}

/** A preHandler that sets `request.person`. */
export function requirePerson(context: ApiContext) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    request.person = await signedIn(context, request);
  };
}

function byCommandLine(context: ApiContext, request: FastifyRequest): string | undefined {
  const given = bearer.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) return undefined;
  const [a, b] = [Buffer.from(given), Buffer.from(context.commandLine.token)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) {
    throw new FaultError(
      'not-signed-in',
      'The token of .reign/run.json is an old one; is another Reign running?',
    );
  }
  const header = request.headers['x-reign-as'];
  const wanted = typeof header === 'string' ? decoded(header) : undefined;
  if (wanted === undefined || wanted === context.commandLine.person) return context.commandLine.person;
  if (context.mode !== 'demo') {
    throw new FaultError(
      'not-allowed',
      `Only the demo lets people be switched; you are ${context.commandLine.person}.`,
    );
  }
  const person = context.engine.people.find(wanted);
  if (!person) throw new FaultError('not-found', `The demo has nobody called ${wanted}.`);
  return person.name;
}

function decoded(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw new FaultError('bad-request', 'The header x-reign-as is not URL-encoded.');
  }
}

async function bySession(context: ApiContext, request: FastifyRequest): Promise<string | undefined> {
  const token = request.cookies[sessionCookie];
  return token ? context.sessions.findSession(token, context.engine.clock.now()) : undefined;
}

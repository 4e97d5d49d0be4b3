import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../domain/defined.ts';
import {
  listSecrets,
  referToSecret,
  removeSecret,
  rotateMasterKey,
  setSecret,
} from '../engine/keep-secrets.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const which = z.object({
  name: z.string().min(1).max(63),
  environment: z.string().min(1).max(63).optional().describe('absent: every environment'),
  tool: z.string().min(1).max(63).optional().describe('absent: every tool'),
});

/** Credentials that Reign keeps sealed. Values go in and never come out. */
export function secretRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    const tags = ['credentials'];
    api.get('/credentials', { preHandler, schema: { tags } }, async ({ person }) => ({
      credentials: await listSecrets(engine, person.name),
    }));
    const whole = which.extend({ value: z.string().min(1).max(65_536) });
    api.post('/credentials', { preHandler, schema: { body: whole, tags } }, async ({ body, person }) => ({
      credential: await setSecret(engine, { ...defined(body), value: body.value, person: person.name }),
    }));
    const elsewhere = which.extend({ to: z.string().min(1).max(1000).describe('where the secret lies') });
    api.post(
      '/credentials/refer',
      { preHandler, schema: { body: elsewhere, tags } },
      async ({ body, person }) => ({
        credential: await referToSecret(engine, { ...defined(body), to: body.to, person: person.name }),
      }),
    );
    api.post(
      '/credentials/remove',
      { preHandler, schema: { body: which, tags } },
      async ({ body, person }) => {
        await removeSecret(engine, { ...defined(body), person: person.name });
        return { removed: true };
      },
    );
    api.post('/credentials/rotate', { preHandler, schema: { tags } }, async ({ person }) =>
      rotateMasterKey(engine, person.name),
    );
  };
}

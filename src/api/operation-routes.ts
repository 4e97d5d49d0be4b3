import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import { freeze, unfreeze } from '../engine/freeze-environment.ts';
import { maySeeEverything, visibleTrail } from '../engine/visibility.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const newFreeze = z.object({
  scope: z.string().min(1).max(200).describe('environment or environment/namespace'),
  reason: z.string().min(1).max(500),
  until: z.iso.datetime().optional(),
});

/** Freezes and the audit. */
export function operationRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    api.get('/freezes', { preHandler, schema: { tags: ['freezes'] } }, async () => ({
      freezes: await engine.store.queries.freezes(),
    }));
    api.post('/freezes', { preHandler, schema: { body: newFreeze, tags: ['freezes'] } }, async (request) => {
      const { scope, reason, until } = request.body;
      const end = until === undefined ? {} : { until: new Date(until) };
      return { freeze: await freeze(engine, { scope, reason, person: request.person.name, ...end }) };
    });
    const scope = z.object({ scope: z.string().min(1).max(200) });
    api.post('/freezes/end', { preHandler, schema: { body: scope, tags: ['freezes'] } }, async (request) => ({
      ended: await unfreeze(engine, request.body.scope, request.person.name),
    }));
    const filter = z.object({
      plan: z.string().max(100).optional(),
      person: z.string().max(100).optional(),
      since: z.iso.datetime().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    });
    api.get('/audit', { preHandler, schema: { querystring: filter, tags: ['audit'] } }, async (request) => {
      const { plan, person, since, limit } = request.query;
      const events = await visibleTrail(engine, request.person, {
        limit,
        ...(plan === undefined ? {} : { planId: plan }),
        ...(person === undefined ? {} : { actor: person }),
        ...(since === undefined ? {} : { since: new Date(since) }),
      });
      return { events };
    });
    api.post('/audit/verify', { preHandler, schema: { tags: ['audit'] } }, async () => context.verifyAudit());
    api.get('/audit/export', { preHandler, schema: { tags: ['audit'] } }, async (request, reply) => {
      if (!maySeeEverything(request.person)) {
        throw new FaultError('not-allowed', 'The export holds everything; your roles are bound to a place.');
      }
      reply.type('application/x-ndjson');
      return reply.send(Readable.from(context.exportAudit()));
    });
  };
}

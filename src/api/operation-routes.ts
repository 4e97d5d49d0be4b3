import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../domain/defined.ts';
import { FaultError } from '../domain/fault.ts';
import { freeze, mayFreeze, unfreeze } from '../engine/freeze-environment.ts';
import { maySeeEverything, trailPage } from '../engine/visibility.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const newFreeze = z.object({
  scope: z.string().min(1).max(200).describe('environment or environment/namespace'),
  reason: z.string().min(1).max(500),
  until: z.iso.datetime().optional(),
});

const trail = z.object({
  plan: z.string().max(100).optional(),
  person: z.string().max(100).optional(),
  target: z.string().min(1).max(200).optional().describe('stands in a target of the plan'),
  type: z.string().min(1).max(100).optional().describe('what the type of the event begins with, as in step.'),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  at: z.string().max(40).optional().describe('with chain and seq: `next` of the page before'),
  chain: z.string().max(200).optional(),
  seq: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** Freezes and the audit. */
export function operationRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    api.get('/freezes', { preHandler, schema: { tags: ['freezes'] } }, async ({ person }) => ({
      freezes: await engine.store.queries.freezes(),
      mayFreeze: mayFreeze(engine, person),
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
    api.get('/audit', { preHandler, schema: { querystring: trail, tags: ['audit'] } }, async (request) => {
      const { plan, person, since, until, at, chain, seq, ...rest } = request.query;
      return trailPage(engine, request.person, {
        ...defined({ ...rest, planId: plan, actor: person, since: dateOf(since), until: dateOf(until) }),
        ...(at && chain && seq ? { after: { at, chain, seq } } : {}),
      });
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

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import { holdsEverywhere } from '../domain/person.ts';
import { maySeeEverything } from '../engine/visibility.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const period = z.object({
  days: z.coerce.number().int().min(1).max(366).default(14).describe('how far back'),
});
/** Periods up to this are counted by the hour, in days. */
const byHour = 2;

/** How Reign is, and how it has done. */
export function insightRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    const tags = ['health'];
    api.get('/health', { preHandler, schema: { tags } }, async () => ({
      ...(await context.ready()),
      mode: context.mode,
      connections: context.connections(),
    }));
    api.post('/health/doctor', { preHandler, schema: { tags } }, async ({ person }) => {
      if (context.mode !== 'demo' && !holdsEverywhere(person, ['admin', 'lead'])) {
        throw new FaultError(
          'not-allowed',
          'The doctor opens every connection and secret: ask an admin or a lead (everywhere).',
        );
      }
      await engine.store.transaction(async (tx) => tx.audit('access', 'doctor.run', person.name, {}));
      return { checks: await context.doctor() };
    });
    api.get('/statistics', { preHandler, schema: { querystring: period, tags } }, async (request) => {
      const { days } = request.query;
      const { person } = request;
      const since = new Date(engine.clock.now().getTime() - days * 86_400_000);
      const bucket = days <= byHour ? 'hour' : 'day';
      const everything = maySeeEverything(person);
      const whose = everything ? {} : { person: person.name };
      const statistics = await engine.store.queries.statistics({ since, bucket, ...whose });
      return { since: since.toISOString(), bucket, everything, ...statistics };
    });
  };
}

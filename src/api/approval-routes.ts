import type { FastifyInstance } from 'fastify';
import { approvalsFor } from '../engine/approvals.ts';
import { planCard } from '../engine/card.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

/** What waits for the person who asks. */
export function approvalRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    api.get('/approvals', { preHandler, schema: { tags: ['plans'] } }, async ({ person }) => {
      const { decide, review } = await approvalsFor(engine, person);
      const cards = (records: typeof decide) => records.map((record) => planCard(engine, record));
      return { decide: cards(decide), review: cards(review) };
    });
  };
}

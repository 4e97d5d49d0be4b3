import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defined } from '../domain/defined.ts';
import { planEnded, planStates } from '../domain/plan.ts';
import { cancelPlan } from '../engine/cancel-plan.ts';
import { planCard } from '../engine/card.ts';
import { decide } from '../engine/decide.ts';
import { canUndo } from '../engine/end-plan.ts';
import { reviewPlan } from '../engine/review-plan.ts';
import { undoPlan } from '../engine/undo-plan.ts';
import { viewStep } from '../engine/view-step.ts';
import { visiblePlan, visiblePlans } from '../engine/visibility.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

const decision = z.object({
  revision: z.number().int().min(1).describe('The revision that you were shown.'),
  verdict: z.enum(['approve', 'reject', 'request-changes']),
  reason: z.string().max(1000).optional(),
  breakGlass: z
    .boolean()
    .optional()
    .describe('Run it alone, as the person on call, with a reason; others review it within a day.'),
});
const review = z.object({
  verdict: z.enum(['approve', 'reject']).describe('Whether it was right to run this plan.'),
  reason: z.string().max(1000).optional(),
});

const plansFilter = z.object({
  open: z.enum(['true', 'false']).optional().describe('true: only those that have not ended'),
  state: z.enum(planStates).optional(),
  environment: z.string().min(1).max(63).optional(),
  person: z.string().min(1).max(100).optional().describe('who asked for it'),
  text: z.string().min(1).max(200).optional().describe('stands in the id or the goal'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Plans, and what people decide about them. */
export function planRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine } = context;
    const preHandler = requirePerson(context);
    const params = z.object({ id: z.string().max(100) });
    const tags = ['plans'];
    api.get('/plans', { preHandler, schema: { querystring: plansFilter, tags } }, async (request) => {
      const { open, ...filter } = request.query;
      const records = await visiblePlans(engine, request.person, {
        ...defined(filter),
        open: open === 'true',
      });
      return { plans: records.map((record) => planCard(engine, record)) };
    });
    api.get('/plans/:id', { preHandler, schema: { params, tags } }, async (request) => {
      const record = await visiblePlan(engine, request.params.id, request.person);
      const { plan, steps } = record;
      const undo = planEnded(plan.state) && canUndo(plan, steps);
      return { plan: planCard(engine, record), conversation: plan.conversationId, canUndo: undo };
    });
    const ofStep = z.object({ id: z.string().max(100), key: z.string().max(200) });
    api.get('/plans/:id/steps/:key', { preHandler, schema: { params: ofStep, tags } }, async (request) => {
      const { id, key } = request.params;
      return { step: await viewStep(engine, id, key, request.person) };
    });
    api.post(
      '/plans/:id/decisions',
      { preHandler, schema: { params, body: decision, tags } },
      async (request) => {
        const { revision, verdict, reason, breakGlass } = request.body;
        const by = request.headers.authorization === undefined ? 'button' : 'command';
        return decide(engine, {
          planId: request.params.id,
          revision,
          verdict,
          person: request.person.name,
          via: breakGlass ? 'break-glass' : by,
          ...(reason === undefined ? {} : { reason }),
        });
      },
    );
    api.post('/plans/:id/review', { preHandler, schema: { params, body: review, tags } }, async (request) => {
      const { verdict, reason } = request.body;
      const { id: planId } = request.params;
      const why = reason === undefined ? {} : { reason };
      return reviewPlan(engine, { planId, person: request.person.name, verdict, ...why });
    });
    api.post('/plans/:id/cancel', { preHandler, schema: { params, tags } }, async (request) =>
      cancelPlan(engine, request.params.id, request.person.name),
    );
    api.post('/plans/:id/undo', { preHandler, schema: { params, tags } }, async (request) => {
      const via = request.headers.authorization === undefined ? 'button' : 'command';
      const { planId } = await undoPlan(engine, request.params.id, request.person.name, via);
      return { plan: planId };
    });
  };
}

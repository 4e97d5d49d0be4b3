import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { AnyOperation } from '../domain/operation.ts';
import { receiveRequest } from '../engine/receive-request.ts';
import { requirePerson } from './authenticate.ts';
import type { ApiContext } from './context.ts';
import type { Api } from './server.ts';

/** Examples of one operation that are shown. */
const mostExamples = 8;

const key = z
  .string()
  .min(1)
  .max(200)
  .describe('Your own id of this request: sent again, it is stored once.');
const fields = z.record(z.string().max(100), z.unknown());
const newRequest = z.union([
  z.strictObject({ operation: z.string().max(100), request: fields, key }),
  z.strictObject({ runbook: z.string().max(100), parameters: fields, key }),
]);

type Fields = { [name: string]: Json };

/** What Reign can do, and requests for exactly that. */
export function catalogueRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const { engine, runbooks } = context;
    const preHandler = requirePerson(context);
    const tags = ['tools'];
    api.get('/tools', { preHandler, schema: { tags } }, async () => ({
      operations: engine.catalogue.all.map(summaryOf),
    }));
    const params = z.object({ id: z.string().max(100) });
    api.get('/tools/:id', { preHandler, schema: { params, tags } }, async (request) => {
      const operation = engine.catalogue.find(request.params.id);
      if (operation) return { operation: detailsOf(operation) };
      throw new FaultError('not-found', `There is no operation ${request.params.id}.`);
    });
    api.get('/runbooks', { preHandler, schema: { tags } }, async () => ({ runbooks }));
    api.post(
      '/requests',
      { preHandler, schema: { body: newRequest, tags } },
      async ({ body, person }, reply) => {
        const by = { person: person.name, dedupeKey: `local/${person.name}/${body.key}` };
        const received = await receiveRequest(engine, { ...by, ...wantedOf(body, runbooks) });
        reply.code(202);
        return { message: received.messageId, conversation: received.conversationId };
      },
    );
  };
}

function wantedOf(body: z.output<typeof newRequest>, runbooks: ApiContext['runbooks']) {
  // Whatever came as JSON is JSON.
  if ('operation' in body) return { operation: body.operation, request: body.request as Fields };
  const runbook = runbooks.find(({ name }) => name === body.runbook);
  if (!runbook) throw new FaultError('not-found', `There is no runbook ${body.runbook}.`);
  return { runbook, parameters: body.parameters as Fields };
}

function summaryOf({ id, summary, effect, repeat, previews, undo }: AnyOperation) {
  return { id, summary, effect, repeat, preview: previews, undo: undo.kind };
}

function detailsOf(operation: AnyOperation) {
  const { version, connections, sensitive = false, undo, examples, request } = operation;
  return {
    ...summaryOf(operation),
    version,
    connections,
    sensitive,
    ...(undo.kind === 'irreversible' ? { irreversibleBecause: undo.reason } : {}),
    examples: examples.slice(0, mostExamples),
    schema: z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }),
  };
}

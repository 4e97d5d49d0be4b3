import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { type Fault, FaultError, fault, faultTable, toFault } from '../domain/fault.ts';
import { storable } from '../engine/storable.ts';
import { approvalRoutes } from './approval-routes.ts';
import { checkOrigin } from './authenticate.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { chatRoutes } from './chat-routes.ts';
import type { ApiContext } from './context.ts';
import { insightRoutes } from './insight-routes.ts';
import { liveRoutes } from './live.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { terminalRoutes } from './terminal-routes.ts';
import { webhookRoutes } from './webhooks.ts';

export type Api = FastifyInstance<
  Server,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Bytes of a request's body. */
const largestBody = 128 * 1024;

/** The HTTP face: REST and live events below /api/v1, health and metrics beside it, and the plug-ins it is given. */
export async function createServer(context: ApiContext): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: largestBody, forceCloseConnections: true });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const data = faultOf(error);
    if (data.code === 'internal') context.engine.logger.error({ error: error.stack }, 'a request failed');
    reply.code(faultTable[data.code].status).send({ fault: data });
  });
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ fault: fault('not-found', `There is nothing at ${request.url.split('?')[0]}.`) });
  });
  app.decorateRequest('person', null as never);
  await app.register(helmet, helmetOptions);
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: 4096 } });
  await app.register(swagger, {
    openapi: {
      info: { title: 'Reign', version: '1', description: 'Plans, approvals, chat and audit of Reign.' },
    },
    transform: jsonSchemaTransform,
  });
  app.addHook('onRequest', (request) => checkOrigin(context, request));
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the route, never the address: that one names plans and people.
    const { url: route = 'none' } = request.routeOptions;
    const labels = { route, method: request.method, status: `${reply.statusCode}` };
    context.engine.telemetry.observe('reign_http_request_duration_seconds', labels, reply.elapsedTime / 1000);
  });
  app.addHook('preValidation', async ({ body, params, query }) => refuseUnstorable([body, params, query]));
  health(app, context);
  for (const routes of [
    sessionRoutes,
    chatRoutes,
    planRoutes,
    approvalRoutes,
    operationRoutes,
    catalogueRoutes,
    insightRoutes,
    secretRoutes,
    terminalRoutes,
    liveRoutes,
  ]) {
    await app.register(routes(context), { prefix: '/api/v1' });
  }
  if (context.oidc) await app.register(oidcRoutes(context, context.oidc));
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(webhookRoutes(context.webhooks));
  for (const plugin of context.plugins) await app.register(plugin);
  return app;
}

const helmetOptions = {
  contentSecurityPolicy: {
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      upgradeInsecureRequests: null,
    },
  },
  strictTransportSecurity: false,
} as const;

function health(app: FastifyInstance, context: ApiContext): void {
  const hide = { schema: { hide: true } };
  app.get('/healthz', hide, async () => ({ ok: true }));
  app.get('/readyz', hide, async (_request, reply) => {
    const { ok, checks } = await context.ready();
    reply.code(ok ? 200 : 503);
    return { ok, checks };
  });
  app.get('/metrics', hide, async (_request, reply) => {
    const { contentType, text } = await context.expose();
    reply.type(contentType);
    return text;
  });
}

function faultOf(error: FastifyError): Fault {
  if (error.validation) {
    return fault('bad-request', error.message);
  }
  if (error.statusCode === 413) {
    return fault('too-large', `The request is too large: at most ${largestBody} bytes.`);
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return fault('bad-request', error.message);
  }
  if (error instanceof FaultError || toFault(error).code !== 'internal') return toFault(error);
  // What went wrong inside (a query, a path) is for the log and not for whoever asked.
  return fault('internal', 'Reign could not do this just now; its log says why. Try again in a moment.');
}

/** No text may hold what the database cannot: NUL, or half a character. */
function refuseUnstorable(parts: readonly unknown[]): void {
  const values = [...parts];
  for (const value of values) {
    if (typeof value === 'string' && storable(value) !== value) {
      throw new FaultError('bad-request', 'A text holds a NUL character or half a character; leave it out.');
    }
    if (typeof value === 'object' && value !== null) values.push(...Object.entries(value).flat());
  }
}

import type { FastifyInstance } from 'fastify';
import type { Webhook } from '../domain/ports/chat-platform.ts';

/** Requests of chat platforms: the body goes on as it came over the wire, since that is what is signed. */
export function webhookRoutes(webhooks: readonly Webhook[]) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1024 * 1024 }, (_request, body, done) =>
      done(null, body),
    );
    for (const { path, handle } of webhooks) {
      app.post(path, { schema: { hide: true } }, async (request, reply) => {
        const headers = Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]);
        const body = typeof request.body === 'string' ? request.body : '';
        const answer = await handle({ headers: Object.fromEntries(headers), body });
        reply.code(answer.status).headers(answer.headers ?? { 'content-type': 'text/plain; charset=utf-8' });
        return reply.send(answer.body ?? '');
      });
    }
  };
}

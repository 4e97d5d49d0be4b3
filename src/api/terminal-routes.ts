import { PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requirePerson } from './authenticate.ts';
import type { ApiContext, TerminalRun } from './context.ts';
import type { Api } from './server.ts';

const typed = z.object({ line: z.string().min(1).max(20_000) });

/** How long one line may follow a plan, in milliseconds. */
const longestRun = 30 * 60_000;

/** Reign's command line for the page: a line in, what it prints out as it comes. */
export function terminalRoutes(context: ApiContext) {
  return async (instance: FastifyInstance): Promise<void> => {
    const api = instance as Api;
    const preHandler = requirePerson(context);
    api.post(
      '/terminal',
      { preHandler, schema: { body: typed, tags: ['terminal'] } },
      async (request, reply) => {
        const left = new AbortController();
        const out = new PassThrough();
        out.on('close', () => left.abort());
        const signal = AbortSignal.any([left.signal, AbortSignal.timeout(longestRun)]);
        const { line } = request.body;
        const write = (text: string) => void (out.destroyed || out.write(text));
        context
          .terminal({ line, request: asThem(instance, request), write, signal })
          .then((code) => out.end(code === 0 ? '' : `exit ${code}\n`))
          .catch((error: Error) => out.destroy(error));
        reply.type('text/plain; charset=utf-8').header('x-accel-buffering', 'no');
        return reply.send(out);
      },
    );
  };
}

/** Calls of the API with what came with the request, so that each is checked as if the person had made it. */
function asThem(instance: FastifyInstance, { headers }: FastifyRequest): TerminalRun['request'] {
  const passed = ['host', 'cookie', 'authorization', 'x-reign-as', 'x-reign', 'origin'];
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => passed.includes(name)));
  return async (method, route, body) => {
    const answer = await instance.inject({
      method: method === 'GET' ? 'GET' : 'POST',
      url: route,
      headers: own as Record<string, string>,
      ...(method === 'GET' ? {} : { payload: (body ?? {}) as object }),
    });
    return { status: answer.statusCode, payload: answer.payload };
  };
}
